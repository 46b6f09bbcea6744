{#- The lower bound of Wilson's score interval of a proportion. -#}
{% macro wilson_lower(successes, n, alpha) -%}
    {{ wilson_bound("lower", successes, n, critical_z(alpha)) }}
{%- endmacro %}
