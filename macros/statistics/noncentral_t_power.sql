{#-
    Probability that |T| > c for T noncentral t, worked out in a body of `staged` from `it.v` (degrees of freedom), `it.c` and `it.d` >= 0 (noncentrality).
    T = (Z + d)/S with v S² chi-square: the normal tails at c S - d and c S + d are averaged over S by the trapezoidal rule in x, ln S = x - exp(-x).
    The weights are divided by their sum, so that no gamma function is needed.
-#}
{% macro noncentral_t_power() -%}
    {%- set points = [] -%}
    {%- for number in range(61) -%}
        {%- do points.append(((number - 35) * 0.2) | round(1) ~ "e0") -%}
    {%- endfor -%}
    {%- set weight = "(1e0 + exp(-x)) * exp(it.v * (g - exp(2e0 * g) / 2e0 + 0.5e0))" -%}
    {%- set tails = "(" ~ normal_sf("it.c * exp(g) - it.d") ~ " + " ~ normal_sf("it.c * exp(g) + it.d") ~ ")" -%}
    {%- set x = "0.5671432904097839e0 + r / sqrt(2e0 * it.v)" -%}
    {{ sum_over("r", points, let("x", x, let("g", "x - exp(-x)", weight ~ " * " ~ tails))) }}
    / {{ sum_over("r", points, let("x", x, let("g", "x - exp(-x)", weight))) }}
{%- endmacro %}
