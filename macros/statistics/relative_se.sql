{#- Standard error of treatment / control - 1, by the delta method. -#}
{% macro relative_se(mean_c, var_c, n_c, mean_t, var_t, n_t) -%}
    {%- set variance -%}
        ({{ variance_of_mean("it.var_t", "it.n_t") }}
        + power(it.mean_t / nullif(it.mean_c, 0e0), 2) * {{ variance_of_mean("it.var_c", "it.n_c") }})
        / nullif(it.mean_c * it.mean_c, 0e0)
    {%- endset -%}
    {{ staged_doubles(
        [{"mean_c": mean_c, "var_c": var_c, "n_c": n_c, "mean_t": mean_t, "var_t": var_t, "n_t": n_t}],
        root_if_positive(variance),
    ) }}
{%- endmacro %}
