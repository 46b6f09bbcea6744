{#- A probability that was multiplied by a number of tests: 1 where that made it greater, null for null. -#}
{% macro not_above_one(p) -%}
    {{ let('multiplied_p', "cast(" ~ p ~ " as double)", "case when multiplied_p > 1e0 then 1e0 else multiplied_p end") }}
{%- endmacro %}
