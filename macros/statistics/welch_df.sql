{#- Degrees of freedom of Welch's t, by the control's share in the squared standard error: squares of shares neither overflow nor vanish. -#}
{% macro welch_df(var_c, n_c, var_t, n_t) -%}
    {%- set df -%}
        1e0 / (it.share * it.share / (it.n_c - 1e0) + (1e0 - it.share) * (1e0 - it.share) / (it.n_t - 1e0))
    {%- endset -%}
    {{ staged_doubles(
        [
            {"var_c": var_c, "n_c": n_c, "var_t": var_t, "n_t": n_t},
            {
                "v_c": variance_of_mean("it.var_c", "it.n_c"),
                "v_t": variance_of_mean("it.var_t", "it.n_t"),
            },
            {
                "share": "it.v_c / case when it.v_c + it.v_t <= 1.7976931348623157e308 then nullif(it.v_c + it.v_t, 0e0) end",
            },
        ],
        "case when it.share is not null then " ~ df ~ " end",
    ) }}
{%- endmacro %}
