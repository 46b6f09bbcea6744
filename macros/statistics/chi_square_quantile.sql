{#-
    Inverse of the chi-square distribution's lower tail, integer df. From Wilson and Hilferty's cube, four steps of Newton's method on the upper tail's
    logarithm in ln x.
-#}
{% macro chi_square_quantile(p, df) -%}
    {%- set stages = [
        {"p": "cast(" ~ p ~ " as double)", "df": "cast(" ~ df ~ " as double)"},
        {
            "v": "case when it.df between 1e0 and 200e0 and it.df = floor(it.df) then it.df end",
            "o": "case when it.p >= 1e-4 and it.p < 1e0 then 1e0 - it.p end",
        },
        {"c": "1e0 - 2e0 / (9e0 * it.v) + " ~ normal_quantile("it.p") ~ " * sqrt(2e0 / (9e0 * it.v))", "h": "it.v / 2e0"},
        {
            "l": log_gamma("it.h"),
            "x": "greatest(it.v * power(greatest(it.c, 0e0), 3e0), 2e0 * exp((ln(it.p) + " ~ log_gamma("it.h + 1e0") ~ ") / it.h))",
        },
    ] -%}
    {%- for step in range(4) -%}
        {%- set step = "it.x * exp(greatest(least(s * ln(s / it.o) / exp(it.h * ln(it.x / 2e0) - it.x / 2e0 - it.l), 1e0), -1e0))" -%}
        {%- do stages.append({"x": let("s", chi_square_upper("it.x", "it.v"), step)}) -%}
    {%- endfor -%}
    {{ staged(stages, "case when it.o > 0e0 and it.v is not null then it.x end") }}
{%- endmacro %}
