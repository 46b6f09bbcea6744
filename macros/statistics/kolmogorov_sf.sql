{#-
    Upper tail of Kolmogorov's distribution, by the series that converges at the place: the alternating one from 1.18 on, the other (Jacobi's theta) below.
-#}
{% macro kolmogorov_sf(x) -%}
    {%- set near = [] -%}
    {%- set far = [] -%}
    {%- for k in range(1, 5) -%}
        {%- do near.append("exp(-" ~ (2 * k - 1) * (2 * k - 1) ~ "e0 * 1.2337005501361697e0 / nullif(it.x * it.x, 0e0))") -%}
        {%- do far.append(("- " if k is even else "+ " if k > 1 else "") ~ "exp(-" ~ 2 * k * k ~ "e0 * it.x * it.x)") -%}
    {%- endfor -%}
    {%- set tail -%}
        case
            when isnan(it.x) then null
            when it.x >= 1.18e0 then 2e0 * ({{ far | join(" ") }})
            when it.x > 0.04e0
                then 1e0 - 2.5066282746310002e0 / it.x * ({{ near | join(" + ") }})
            when it.x >= 0e0 then 1e0
        end
    {%- endset -%}
    {{ staged_doubles([{"x": x}], tail) }}
{%- endmacro %}
