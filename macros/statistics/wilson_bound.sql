{#-
    A bound of Wilson's score interval, z standard errors away. The lower one is written as a quotient of sums (its usual form is a difference that
    cancels for rare successes); at no success it is 0, and the upper one of all successes is 1.
-#}
{% macro wilson_bound(side, successes, n, z) -%}
    {%- set spread = "(2e0 * it.x + it.z * it.z + it.z * sqrt(it.z * it.z + 4e0 * it.x * (it.n - it.x) / it.n))" -%}
    {%- if side == "lower" -%}
        {%- set bound = "2e0 * it.x * it.x / it.n / " ~ spread -%}
    {%- else -%}
        {%- set bound = "case when it.x < it.n then " ~ spread ~ " / (2e0 * (it.n + it.z * it.z)) else 1e0 end" -%}
    {%- endif -%}
    {%- set sound = "it.n > 0e0 and it.n <= 1e150 and it.x between 0e0 and it.n and it.z between 1e-150 and 1e150" -%}
    {{ staged_doubles(
        [{"x": successes, "n": n, "z": z}],
        "case when " ~ sound ~ " then " ~ bound ~ " end",
    ) }}
{%- endmacro %}
