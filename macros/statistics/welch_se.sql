{#- Standard error of the difference of two arms' means, their variances not assumed equal. -#}
{% macro welch_se(var_c, n_c, var_t, n_t) -%}
    {{ root_if_positive(variance_of_mean(var_c, n_c) ~ " + " ~ variance_of_mean(var_t, n_t)) }}
{%- endmacro %}
