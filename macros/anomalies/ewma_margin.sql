{#- How far an average in control strays from its start, once it has run for long. -#}
{% macro ewma_margin(sd, weight, width=3) -%}
    {{ staged_doubles(
        [{"sd": sd, "weight": weight}],
        finite("case when it.weight > 0e0 and it.weight <= 1e0 then " ~ width ~ " * it.sd * sqrt(it.weight / (2e0 - it.weight)) end"),
    ) }}
{%- endmacro %}
