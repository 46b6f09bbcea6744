{#- The upper bound of Newcombe's interval of the difference of two proportions, treatment minus control. -#}
{% macro newcombe_upper(x_t, n_t, x_c, n_c, alpha) -%}
    {{ newcombe_bound("upper", x_t, n_t, x_c, n_c, alpha) }}
{%- endmacro %}
