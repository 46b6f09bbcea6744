{#- A variance that rounding may have taken below 0. `greatest` alone would make a null 0. -#}
{% macro not_negative(value) -%}
    {{ let("at_least_zero", value, "case when at_least_zero is not null then " ~ "greatest(at_least_zero, 0e0) end") }}
{%- endmacro %}
