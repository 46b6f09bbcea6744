{#- A number as it is, null for an infinity and for NaN (which compares as greater than all numbers, on DuckDB and Spark alike). -#}
{% macro finite(value) -%}
    {{ let("finite_value", value, "case when abs(finite_value) <= 1.7976931348623157e308 then finite_value end") }}
{%- endmacro %}
