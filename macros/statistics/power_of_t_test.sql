{#- Power of Student's two-sided test for two groups of equal size and variance. -#}
{% macro power_of_t_test(n, effect, sd, alpha) -%}
    {{ staged(
        [
            {
                "n": "cast(" ~ n ~ " as double)",
                "e": "abs(cast(" ~ effect ~ " as double)) / nullif(greatest(cast(" ~ sd ~ " as double), 0e0), 0e0)",
                "a": "cast(" ~ alpha ~ " as double)",
            },
            {
                "a": "case when it.a < 1e0 then it.a end",
                "n": "case when it.n between 2e0 and 1e12 then it.n end",
                "d": "case when it.e <= 1e150 then sqrt(it.n / 2e0) * it.e end",
            },
            {"v": "2e0 * it.n - 2e0", "c": "-" ~ student_t_quantile("it.a / 2e0", "2e0 * it.n - 2e0")},
        ],
        "case when it.c is not null and it.d is not null then " ~ noncentral_t_power() ~ " end",
    ) }}
{%- endmacro %}
