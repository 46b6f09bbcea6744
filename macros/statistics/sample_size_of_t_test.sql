{#-
    Units in each of two groups so that Student's two-sided test reaches a power; with its fraction. From the normal approximation with Guenther's
    correction; a step of Newton's method on the power's normal quantile as it depends on √n, with an approximate slope; and one of the secant method.
-#}
{% macro sample_size_of_t_test(effect, sd, alpha, power) -%}
    {%- set stages = [
        {
            "e": "abs(cast(" ~ effect ~ " as double)) / nullif(greatest(cast(" ~ sd ~ " as double), 0e0), 0e0)",
            "a": "cast(" ~ alpha ~ " as double)",
            "b": "cast(" ~ power ~ " as double)",
        },
        {
            "e": "case when it.e between 1e-6 and 1e6 then it.e end",
            "a": "case when it.a >= 1e-12 and it.a < 1e0 then it.a end",
            "b": "case when it.b > it.a and it.b < 1e0 then it.b end",
        },
        {"za": "-" ~ normal_quantile("it.a / 2e0"), "zb": normal_quantile("it.b")},
        {"n": "2e0 * power((it.za + it.zb) / it.e, 2e0) + it.za * it.za / 4e0"},
    ] -%}
    {%- set slope = "(it.e / sqrt(2e0) + (it.za * it.za * it.za + it.za) * it.r / it.v / it.v) / sqrt(1e0 + it.za * it.za / 2e0 / it.v)" -%}
    {%- set secant = "case when abs(it.r - it.r0) > 1e-7 then (it.z - it.z0) / (it.r - it.r0) else it.slope end" -%}
    {%- for name, value in [("slope", slope), ("slope", secant)] -%}
        {%- do stages.extend([
            {"n": "greatest(it.n, 2e0)"},
            {
                "r": "sqrt(it.n)",
                "v": "2e0 * it.n - 2e0",
                "d": "sqrt(it.n / 2e0) * it.e",
                "c": "-" ~ student_t_quantile("it.a / 2e0", "2e0 * it.n - 2e0"),
            },
            {"z": normal_quantile(noncentral_t_power())},
            {name: value},
            {"r0": "it.r", "z0": "it.z", "n": "power(greatest(it.r + (it.zb - it.z) / it.slope, 1e0), 2e0)"},
        ]) -%}
    {%- endfor -%}
    {{ staged(stages, "case when it.e is not null and it.a is not null and it.b is not null then greatest(it.n, 2e0) end") }}
{%- endmacro %}
