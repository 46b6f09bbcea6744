{#- An amount in the type of every amount: US dollars and cents, 18 digits. -#}
{% macro usd(expression) -%}
    cast({{ expression }} as decimal(18, 2))
{%- endmacro %}
