{#- Whether this command builds or tests nodes on DuckDB; compile and docs generate run the hooks too, but do neither. -#}
{% macro builds_or_tests() %}
    {{ return(execute and target.type == 'duckdb' and flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'test']) }}
{% endmacro %}
