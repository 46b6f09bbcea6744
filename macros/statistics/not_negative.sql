{#- A variance that rounding may have taken below 0. `greatest` alone would make a null 0 and keep an infinity and NaN. -#}
{% macro not_negative(value) -%}
    {{ let("at_least_zero", value, "case when abs(at_least_zero) <= 1.7976931348623157e308 then greatest(at_least_zero, 0e0) end") }}
{%- endmacro %}
