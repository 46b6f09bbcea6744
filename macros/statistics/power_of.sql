{#- Probability that a two-sided test at alpha finds an effect, both tails counted. -#}
{% macro power_of(effect, se, alpha) -%}
    {{ staged_doubles(
        [
            {"z": critical_z(alpha), "effect": effect, "se": se},
            {"d": "abs(it.effect) / nullif(greatest(it.se, 0e0), 0e0)"},
            {"near": normal_sf("(it.z - it.d)"), "far": normal_sf("(it.z + it.d)")},
        ],
        "it.near + it.far",
    ) }}
{%- endmacro %}
