{#- The rule that a column has a value. -#}
{% macro missing(column) -%}
    {{ return({'column': column, 'reason': 'missing_required_value', 'condition': column ~ ' is null'}) }}
{%- endmacro %}
