{#- The day of what parse_timestamp accepts. -#}
{% macro parse_date(text) -%}
    (cast({{ parse_timestamp(text) }} as date))
{%- endmacro %}
