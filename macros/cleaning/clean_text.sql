{#- Trimmed text; blank and 'N/A' (in any case) are null. -#}
{% macro clean_text(column) -%}
    (case when upper(trim(cast({{ column }} as {{ dbt.type_string() }}))) not in ('', 'N/A') then trim(cast({{ column }} as {{ dbt.type_string() }})) end)
{%- endmacro %}
