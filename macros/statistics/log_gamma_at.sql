{#-
    Logarithm of the gamma function at x > 0, x being a name that is written often: Stirling's series at x + 8, less the logarithms of what lies between.
-#}
{% macro log_gamma_at(x) -%}
    {%- set factors = [x] -%}
    {%- for number in range(1, 8) -%}
        {%- do factors.append("(" ~ x ~ " + " ~ number ~ "e0)") -%}
    {%- endfor -%}
    {%- set series = polynomial("power(" ~ x ~ " + 8e0, -2e0)", [
        "8.333333333333333e-2", "-2.777777777777778e-3", "7.936507936507937e-4", "-5.952380952380952e-4", "8.417508417508417e-4",
        "-1.917526917526918e-3", "6.410256410256410e-3"
    ]) -%}
    (
        ({{ x }} + 7.5e0) * ln({{ x }} + 8e0) - {{ x }} - 7.081061466795327e0
        + {{ series }} / ({{ x }} + 8e0) - ln({{ factors[:4] | join(' * ') }}) - ln({{ factors[4:] | join(' * ') }})
    )
{%- endmacro %}
