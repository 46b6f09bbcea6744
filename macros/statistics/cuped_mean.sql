{#- An arm's mean, had its units had the covariate of all arms. -#}
{% macro cuped_mean(mean_y, mean_x, mean_x_all, coefficient) -%}
    {%- set ahead = "(cast(" ~ mean_x ~ " as double) - cast(" ~ mean_x_all ~ " as double))" -%}
    {{ finite("cast(" ~ mean_y ~ " as double) - cast(" ~ coefficient ~ " as double) * " ~ ahead) }}
{%- endmacro %}
