{#- The largest z-score that any of n values can have if their mean and standard deviation include it. -#}
{% macro largest_own_z(n) -%}
    {{ staged_doubles([{"n": n}], "case when it.n between 2e0 and 1.7976931348623157e308 then (it.n - 1e0) / sqrt(it.n) end") }}
{%- endmacro %}
