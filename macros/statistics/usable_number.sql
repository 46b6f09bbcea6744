{#- A number as a double, null if its square would overflow. -#}
{% macro usable_number(value) -%}
    case when cast({{ value }} as double) between -1e150 and 1e150 then cast({{ value }} as double) end
{%- endmacro %}
