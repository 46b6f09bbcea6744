{#- A whole number in words, without its type's decimals. -#}
{% macro count_text(number) -%}
    cast(cast({{ number }} as bigint) as {{ dbt.type_string() }})
{%- endmacro %}
