{#- Units in each of two equal arms, not rounded, for a difference of proportions: the null's variance is that of the baseline. -#}
{% macro sample_size_of_proportions(p, effect, alpha, power) -%}
    {%- set reach -%}
        it.z_alpha * sqrt(2e0 * it.p * (1e0 - it.p))
        + it.z_power * sqrt(it.p * (1e0 - it.p) + (it.p + it.effect) * (1e0 - it.p - it.effect))
    {%- endset -%}
    {%- set size = "power(nullif(greatest(" ~ reach ~ ", 0e0), 0e0) / nullif(it.effect, 0e0), 2)" -%}
    {%- set sound = "it.p > 0e0 and it.p < 1e0 and it.p + it.effect between 0e0 and 1e0" -%}
    {{ staged_doubles(
        [{"p": p, "effect": effect, "z_alpha": critical_z(alpha), "z_power": normal_quantile(power)}],
        finite("case when " ~ sound ~ " then " ~ size ~ " end"),
    ) }}
{%- endmacro %}
