{#- The level at which the confidence sequence, tuned for alpha, just touches 0. -#}
{% macro always_valid_p(effect, se, n, alpha, tuning) -%}
    {{ staged_doubles(
        [
            {"effect": finite(effect), "se": finite(se), "rate": sequential_rate(n, alpha, tuning)},
            {"z": "it.effect / nullif(greatest(it.se, 0e0), 0e0)", "rate": "nullif(it.rate, 0e0)"},
            {"log_p": "0.5e0 * (ln(it.rate + 1e0) - it.z * it.z * (it.rate / (it.rate + 1e0)))"},
        ],
        "case when it.log_p is not null then exp(least(it.log_p, 0e0)) end",
    ) }}
{%- endmacro %}
