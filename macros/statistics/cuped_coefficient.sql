{#- Slope of the metric on its covariate. -#}
{% macro cuped_coefficient(covariance, variance) -%}
    {{ finite("cast(" ~ covariance ~ " as double) / nullif(greatest(cast(" ~ variance ~ " as double), 0e0), 0e0)") }}
{%- endmacro %}
