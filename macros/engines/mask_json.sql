{#- JSON text with the string values of the named fields replaced by `***`; nulls stay null. -#}
{% macro mask_json(record, fields) -%}
    {%- set masked = namespace(sql=record) -%}
    {%- for field in fields -%}
        {%- set masked.sql = adapter.dispatch('replace_pattern')(
            masked.sql, '"' ~ field ~ '":"([^"\\\\]|\\\\.)*"', '"' ~ field ~ '":"***"'
        ) -%}
    {%- endfor -%}
    {{ masked.sql }}
{%- endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace("\\", "\\\\") }}', '{{ replacement }}')
{%- endmacro %}

{% macro duckdb__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}
