{#- A rule of any condition, true where the row breaks it. -#}
{% macro breaks(column, reason, condition) -%}
    {{ return({'column': column, 'reason': reason, 'condition': condition}) }}
{%- endmacro %}
