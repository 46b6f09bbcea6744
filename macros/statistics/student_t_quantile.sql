{#-
    Inverse of Student's t distribution's lower tail. The normal quantile gives a start in w, w² = ln(1 + t²/df), which two steps of Halley's method on
    the tail's logarithm make exact; r is the tail over minus its slope. `g` is 2 Γ(df/2 + 1/2)²/Γ(df/2)² by a continued fraction of Ramanujan's.
-#}
{% macro student_t_quantile(p, df) -%}
    {%- set fraction = namespace(text="(4e0 * it.v + 9.74116e0)") -%}
    {%- for odd in (9, 7, 5, 3) -%}
        {%- set fraction.text = "(4e0 * it.v + 2e0 + " ~ odd * odd ~ "e0 / " ~ fraction.text ~ ")" -%}
    {%- endfor -%}
    {%- set step -%}
        it.w + r * ln(s / it.o) / (1e0 + ln(s / it.o) / 2e0 * (1e0 + r * (1e0 / it.w - it.v * it.w - it.w * exp(-it.u) / it.y)))
    {%- endset -%}
    {%- set step = let("r", "s * sqrt(6.283185307179586e0 * it.y / it.g) * exp(it.v * it.u / 2e0) / it.w", step) -%}
    {%- set step = let("s", student_t_upper(), step) -%}
    {%- set stages = [
        {"p": "cast(" ~ p ~ " as double)", "df": "cast(" ~ df ~ " as double)"},
        {
            "v": "case when it.df >= 1e0 and not isnan(it.df) then least(it.df, 1e100) end",
            "o": "case when it.p >= 1e-300 and it.p < 1e0 then least(it.p, 1e0 - it.p) end",
        },
        {
            "n": "it.v + 1e0",
            "z": normal_quantile("it.o"),
            "g": "2e0 * it.v * it.v / (2e0 * it.v + 1e0 + 1e0 / " ~ fraction.text ~ ")",
        },
        {"w": "greatest(sqrt(it.z * it.z / (it.g + (it.v - it.g) * it.z * it.z / (it.z * it.z + 6e0 * sqrt(it.v) + 4e0))), 1e-150)"},
    ] -%}
    {%- for number in range(2) -%}
        {%- do stages.extend([
            {"u": "it.w * it.w", "y": "tanh(it.w * it.w / 2e0) * (1e0 + exp(-it.w * it.w))"},
            {"w": step},
        ]) -%}
    {%- endfor -%}
    {%- set body -%}
        case
            when it.o is not null and it.v is not null and it.w < 37.6e0
                then sign(it.p - 0.5e0) * sqrt(it.v) * sqrt(2e0 * sinh(it.w * it.w / 2e0)) * exp(it.w * it.w / 4e0)
        end
    {%- endset -%}
    {{ staged(stages, body) }}
{%- endmacro %}
