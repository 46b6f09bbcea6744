{#- Count, mean and sum of squared deviations of a group's values, as three columns. -#}
{% macro moments(value, prefix='') -%}
    {%- set number = usable_number(value) -%}
    count({{ number }}) as {{ prefix }}n,
    avg({{ number }}) as {{ prefix }}mean,
    var_pop({{ number }}) * count({{ number }}) as {{ prefix }}m2
{%- endmacro %}
