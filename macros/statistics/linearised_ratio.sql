{#- One unit's part in a ratio of means: what it adds to the ratio, to first order. -#}
{% macro linearised_ratio(numerator, denominator, mean_num, mean_den) -%}
    {{ staged_doubles(
        [
            {"num": numerator, "den": denominator, "mean_num": mean_num, "mean_den": "nullif(" ~ mean_den ~ ", 0)"},
        ],
        finite("(it.num - it.mean_num / it.mean_den * it.den) / it.mean_den"),
    ) }}
{%- endmacro %}
