{#- Likelihood ratio of the normal mixture test; what no double can hold is given as e^709. -#}
{% macro mixture_likelihood_ratio(effect, variance, n, tau2) -%}
    {{ let(
        "log_ratio",
        log_mixture_likelihood_ratio(effect, variance, n, tau2),
        "case when log_ratio is not null then exp(least(log_ratio, 709e0)) end",
    ) }}
{%- endmacro %}
