{#- n times the squared rho of the confidence sequence: rho makes it narrowest when n is the tuning parameter. -#}
{% macro sequential_rate(n, alpha, tuning) -%}
    {{ staged_doubles(
        [
            {"n": n, "alpha": alpha, "tuning": tuning},
            {"s": "-2e0 * ln(case when it.alpha > 0e0 and it.alpha < 1e0 then it.alpha end)"},
        ],
        finite("case when it.n > 0e0 and it.tuning > 0e0 then it.n / it.tuning * (it.s + ln(it.s + 1e0)) end"),
    ) }}
{%- endmacro %}
