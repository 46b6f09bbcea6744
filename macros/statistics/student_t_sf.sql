{#- Upper tail of Student's t distribution. -#}
{% macro student_t_sf(t, df) -%}
    {%- set body -%}
        case
            when isnan(it.t) or it.t is null or it.v is null then null
            when abs(it.t) > 1.7976931348623157e308 then case when it.t < 0e0 then 1e0 else 0e0 end
            else abs(case when it.t < 0e0 then 1e0 else 0e0 end - {{ student_t_upper() }})
        end
    {%- endset -%}
    {{ staged(
        [
            {"t": "cast(" ~ t ~ " as double)", "df": "cast(" ~ df ~ " as double)"},
            {"v": "case when it.df > 0e0 and not isnan(it.df) then least(it.df, 1e100) end"},
            {"x": "least(abs(it.t) / sqrt(it.v), 1e308)"},
            {"q": "power(least(it.x, 1e150), 2e0)"},
            {
                "n": "it.v + 1e0",
                "u": "case when it.x < 1e8 then " ~ log_one_plus("it.q") ~ " else 2e0 * ln(it.x) end",
                "y": "it.q / (1e0 + it.q)",
            },
        ],
        body,
    ) }}
{%- endmacro %}
