{#- The weight of one touch under an attribution model, before the weights of a conversion are made to sum to 1. -#}
{% macro touch_weight(
    model,
    half_life_days=7,
    touch_number='touch_number',
    touch_count='touch_count',
    last_non_direct_number='last_non_direct_number',
    days_before='days_before_conversion',
    removal_effect='removal_effect_rate'
) -%}
    {%- set weights = {
        'first_touch': "case when " ~ touch_number ~ " = 1 then 1.0e0 else 0.0e0 end",
        'last_touch': "case when " ~ touch_number ~ " = " ~ touch_count ~ " then 1.0e0 else 0.0e0 end",
        'last_non_direct': "case when " ~ touch_number ~ " = " ~ last_non_direct_number ~ " then 1.0e0 else 0.0e0 end",
        'linear': "1.0e0",
        'position_based': "case"
            ~ " when " ~ touch_count ~ " <= 2 then 1.0e0"
            ~ " when " ~ touch_number ~ " in (1, " ~ touch_count ~ ") then 0.4e0"
            ~ " else 0.2e0 / (" ~ touch_count ~ " - 2) end",
        'time_decay': "power(0.5e0, " ~ days_before ~ " / " ~ half_life_days ~ ")",
        'markov': removal_effect,
    } -%}
    {%- if model not in weights -%}
        {%- do exceptions.raise_compiler_error("touch_weight knows " ~ weights | join(', ') ~ ", not '" ~ model ~ "'.") -%}
    {%- endif -%}
    {{ weights[model] }}
{%- endmacro %}
