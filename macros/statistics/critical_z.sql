{#- How many standard errors an interval of level 1 - alpha reaches to each side. -#}
{% macro critical_z(alpha) -%}
    nullif(greatest(-{{ normal_quantile("(cast(" ~ alpha ~ " as double) / 2e0)") }}, 0e0), 0e0)
{%- endmacro %}
