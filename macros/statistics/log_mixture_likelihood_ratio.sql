{#- Logarithm of the likelihood ratio of the normal mixture test. -#}
{% macro log_mixture_likelihood_ratio(effect, variance, n, tau2) -%}
    {%- set ratio -%}
        0.5e0 * (it.n * it.effect / it.variance * it.effect * (it.rate / (1e0 + it.rate)) - ln(1e0 + it.rate))
    {%- endset -%}
    {{ staged_doubles(
        [
            {"effect": effect, "variance": "nullif(" ~ variance ~ ", 0)", "n": n, "tau2": tau2},
            {"rate": "case when it.n > 0e0 and it.tau2 > 0e0 and it.variance > 0e0 then it.n * it.tau2 / it.variance end"},
        ],
        finite(ratio),
    ) }}
{%- endmacro %}
