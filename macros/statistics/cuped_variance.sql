{#- Variance of the metric less its covariate times the coefficient. -#}
{% macro cuped_variance(var_y, var_x, cov_xy, coefficient) -%}
    {{ staged_doubles(
        [{"var_y": var_y, "var_x": var_x, "cov": cov_xy, "slope": coefficient}],
        not_negative("it.var_y + it.slope * (it.slope * it.var_x - 2e0 * it.cov)"),
    ) }}
{%- endmacro %}
