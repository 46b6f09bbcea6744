{#- ln(1 + x) for x >= 0 with all its digits where x is small; `x` is written several times: a name, not an expression. -#}
{% macro log_one_plus(x) -%}
    case when {{ x }} < 1e0 then 2e0 * atanh({{ x }} / (2e0 + {{ x }})) else ln(1e0 + {{ x }}) end
{%- endmacro %}
