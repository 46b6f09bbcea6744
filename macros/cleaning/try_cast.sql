{#- The value as the type, or null where it is none. dbt's own safe_cast is a plain cast on DuckDB. -#}
{% macro try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}
