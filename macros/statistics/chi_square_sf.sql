{#-
    Upper tail of the chi-square distribution with an integer df: the finite sum of (x/2)^k exp(-x/2)/Γ(k + 1) for k from df/2 - 1 down to 0 (or to
    1/2, and the normal tail beside).
-#}
{% macro chi_square_sf(x, df) -%}
    {%- set body -%}
        case
            when isnan(it.x) or it.x is null or it.d is null then null
            when it.x <= 0e0 then 1e0
            when it.x > 1e308 then 0e0
            else least({{ chi_square_upper("it.x", "it.d") }}, 1e0)
        end
    {%- endset -%}
    {{ staged(
        [
            {"x": "cast(" ~ x ~ " as double)", "df": "cast(" ~ df ~ " as double)"},
            {"d": "case when it.df between 1e0 and 200e0 and it.df = floor(it.df) then it.df end"},
        ],
        body,
    ) }}
{%- endmacro %}
