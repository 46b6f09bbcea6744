{#- Why two arms cannot be compared by their means, in words; null where `welch_se` and `welch_df` are not. -#}
{% macro untestable_reason(n_c, var_c, n_t, var_t) -%}
    {%- set sum = "(it.var_c / nullif(it.n_c, 0e0) + it.var_t / nullif(it.n_t, 0e0))" -%}
    {%- set reason -%}
        case
            when coalesce(it.n_c, 0e0) <= 0e0 or coalesce(it.n_t, 0e0) <= 0e0 then 'an arm is missing'
            when it.n_c > 1e300 or it.n_t > 1e300 then 'the count of an arm is not usable'
            when it.n_c < 2e0 or it.n_t < 2e0 then 'fewer than two units in an arm'
            when coalesce(it.var_c, -1e0) < 0e0 or coalesce(it.var_t, -1e0) < 0e0
                then 'the variance of an arm is not known'
            when {{ sum }} = 0e0 then 'no variance'
            when {{ sum }} > 1.7976931348623157e308 then 'the variance of an arm is not finite'
        end
    {%- endset -%}
    {{ staged_doubles([{"n_c": n_c, "var_c": var_c, "n_t": n_t, "var_t": var_t}], reason) }}
{%- endmacro %}
