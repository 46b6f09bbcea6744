{#- Half the width of an interval that holds at all looks at once. -#}
{% macro confidence_sequence_margin(se, n, alpha, tuning) -%}
    {%- set width -%}
        sqrt(
            (it.rate + 1e0) / nullif(it.rate, 0e0)
            * (ln(it.rate + 1e0) - 2e0 * ln(case when it.alpha > 0e0 then it.alpha end))
        )
    {%- endset -%}
    {{ staged_doubles(
        [
            {"se": se, "n": n, "alpha": alpha, "tuning": tuning},
            {"rate": sequential_rate("it.n", "it.alpha", "it.tuning")},
        ],
        finite("nullif(greatest(it.se, 0e0), 0e0) * " ~ width),
    ) }}
{%- endmacro %}
