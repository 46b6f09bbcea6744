{#- The square root of an amount, with its sign. -#}
{% macro signed_root(value) -%}
    {{ finite("sign(cast(" ~ value ~ " as double)) * sqrt(abs(cast(" ~ value ~ " as double)))") }}
{%- endmacro %}
