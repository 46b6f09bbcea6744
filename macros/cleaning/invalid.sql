{#- The rule that the cleaned text `<column>_text`, where there is one, could be read as the type: timestamp, date, number or boolean. -#}
{% macro invalid(column, type) -%}
    {{ return({'column': column, 'reason': 'invalid_' ~ type, 'condition': column ~ '_text is not null and ' ~ column ~ ' is null'}) }}
{%- endmacro %}
