{#- A bound of the difference of two proportions, from the Wilson bounds of each: squares of distances to them, added. -#}
{% macro newcombe_bound(side, x_t, n_t, x_c, n_c, alpha) -%}
    {%- set sign, near, far = ("-", "lower", "upper") if side == "lower" else ("+", "upper", "lower") -%}
    {%- set distance = "sqrt(power(it.p_t - it.bound_t, 2) + power(it.p_c - it.bound_c, 2))" -%}
    {{ staged_doubles(
        [
            {"x_t": x_t, "n_t": n_t, "x_c": x_c, "n_c": n_c, "z": critical_z(alpha)},
            {
                "p_t": "it.x_t / nullif(it.n_t, 0e0)",
                "p_c": "it.x_c / nullif(it.n_c, 0e0)",
                "bound_t": wilson_bound(near, "it.x_t", "it.n_t", "it.z"),
                "bound_c": wilson_bound(far, "it.x_c", "it.n_c", "it.z"),
            },
        ],
        "it.p_t - it.p_c " ~ sign ~ " " ~ distance,
    ) }}
{%- endmacro %}
