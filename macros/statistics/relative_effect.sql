{#- Treatment / control - 1, as a difference over the control, which keeps the digits of small effects. -#}
{% macro relative_effect(mean_c, mean_t) -%}
    {{ staged_doubles(
        [{"mean_c": mean_c, "mean_t": mean_t}],
        finite("(it.mean_t - it.mean_c) / nullif(it.mean_c, 0e0)"),
    ) }}
{%- endmacro %}
