{#- The rule that a column's value is one of a list. -#}
{% macro unknown_value(column, values) -%}
    {{ return({'column': column, 'reason': 'unknown_value', 'condition': column ~ " not in ('" ~ values | join("', '") ~ "')"}) }}
{%- endmacro %}
