{#- How many standard errors away an effect must lie for a two-sided test at alpha to find it with the given probability. -#}
{% macro power_reach(alpha, power) -%}
    nullif(greatest({{ critical_z(alpha) }} + {{ normal_quantile(power) }}, 0e0), 0e0)
{%- endmacro %}
