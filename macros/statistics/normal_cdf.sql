{#- Lower tail of the normal distribution. -#}
{% macro normal_cdf(z) -%}
    {{ normal_sf("-(" ~ z ~ ")") }}
{%- endmacro %}
