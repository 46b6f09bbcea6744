{#- p-value of one look of the normal mixture test, 1 / its likelihood ratio; the test's own is the smallest over all looks so far. -#}
{% macro mixture_p(effect, variance, n, tau2) -%}
    {{ let(
        "log_ratio",
        log_mixture_likelihood_ratio(effect, variance, n, tau2),
        "case when log_ratio is not null then exp(-greatest(log_ratio, 0e0)) end",
    ) }}
{%- endmacro %}
