{#- Modified z-score: how far a value lies from the median, in units of the median absolute deviation, or of the mean one where that is 0. -#}
{% macro robust_z(value, median, mad, mean_absolute_deviation) -%}
    {%- set z -%}
        (cast({{ value }} as double) - cast({{ median }} as double))
        * coalesce(
            0.6745e0 / nullif(greatest(cast({{ mad }} as double), 0e0), 0e0),
            0.7978845608028654e0 / nullif(greatest(cast({{ mean_absolute_deviation }} as double), 0e0), 0e0)
        )
    {%- endset -%}
    {{ finite(z) }}
{%- endmacro %}
