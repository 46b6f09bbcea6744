{#- The upper bound of Wilson's score interval of a proportion. -#}
{% macro wilson_upper(successes, n, alpha) -%}
    {{ wilson_bound("upper", successes, n, critical_z(alpha)) }}
{%- endmacro %}
