{#- A metric's value in words, in its unit: a share as a percentage, an amount with its currency, a number with two decimals. -#}
{% macro metric_value_text(value, unit) -%}
    {%- set number = "cast(cast(value_told as decimal(18, 2)) as " ~ dbt.type_string() ~ ")" -%}
    {{ let('value_told', "cast(" ~ value ~ " as double)",
        "case when " ~ unit ~ " = 'share' then " ~ percent_text('value_told')
        ~ " when abs(value_told) < 1e12 then " ~ number ~ " || case when " ~ unit ~ " = 'usd' then ' USD' else '' end end"
    ) }}
{%- endmacro %}
