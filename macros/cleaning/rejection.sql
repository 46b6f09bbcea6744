{#-
    Three columns that judge a row on its own: `rejected_column` and `rejection_reason`, of the first rule in the list that it breaks (null: none).
    A rule is what `missing`, `invalid`, `unknown_value` or `breaks` return; the reasons are listed in the doc block `rejection_reason`.
-#}
{% macro rejection(rules) -%}
        case
            {%- for rule in rules %}
            when {{ rule.condition }} then '{{ rule.column }}'
            {%- endfor %}
        end as rejected_column,
        case
            {%- for rule in rules %}
            when {{ rule.condition }} then '{{ rule.reason }}'
            {%- endfor %}
        end as rejection_reason
{%- endmacro %}

{#- The rule that a column has a value. -#}
{% macro missing(column) -%}
    {{ return({'column': column, 'reason': 'missing_required_value', 'condition': column ~ ' is null'}) }}
{%- endmacro %}

{#- The rule that the cleaned text `<column>_text`, where there is one, could be read as the type: timestamp, date, number or boolean. -#}
{% macro invalid(column, type) -%}
    {{ return({'column': column, 'reason': 'invalid_' ~ type, 'condition': column ~ '_text is not null and ' ~ column ~ ' is null'}) }}
{%- endmacro %}

{#- The rule that a column's value is one of a list. -#}
{% macro unknown_value(column, values) -%}
    {{ return({'column': column, 'reason': 'unknown_value', 'condition': column ~ " not in ('" ~ values | join("', '") ~ "')"}) }}
{%- endmacro %}

{#- A rule of any condition, true where the row breaks it. -#}
{% macro breaks(column, reason, condition) -%}
    {{ return({'column': column, 'reason': reason, 'condition': condition}) }}
{%- endmacro %}
