{#- Whether the model's table was last written by a build that was not published, or under another definition. -#}
{% macro needs_rebuild() %}
    {%- if not execute or target.type != 'duckdb' or model.config.materialized != 'incremental' -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set found = run_query(
        "select count(*) from operations.unpublished_writes where node_id = '" ~ model.unique_id
        ~ "' and first_written_by != '" ~ invocation_id ~ "'"
    ) -%}
    {{ return(found.columns[0].values()[0] > 0) }}
{% endmacro %}
