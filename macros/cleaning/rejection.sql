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
