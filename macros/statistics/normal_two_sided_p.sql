{#- Probability that a standard normal number is at least as far from 0. -#}
{% macro normal_two_sided_p(z) -%}
    2e0 * {{ normal_sf("abs(" ~ z ~ ")") }}
{%- endmacro %}
