{#- Variance of one unit's part in a ratio of means, by the delta method. -#}
{% macro ratio_variance(mean_num, var_num, mean_den, var_den, covariance) -%}
    {%- set ratio = "it.mean_num / nullif(it.mean_den, 0e0)" -%}
    {%- set variance -%}
        (it.var_num + it.ratio * (it.ratio * it.var_den - 2e0 * it.cov)) / nullif(it.mean_den * it.mean_den, 0e0)
    {%- endset -%}
    {{ staged_doubles(
        [
            {"mean_num": mean_num, "var_num": var_num, "mean_den": mean_den, "var_den": var_den, "cov": covariance},
            {"ratio": ratio},
        ],
        not_negative(variance),
    ) }}
{%- endmacro %}
