{#- The first member of a list. -#}
{% macro first_of(list) -%}
    {{ adapter.dispatch('first_of')(list) }}
{%- endmacro %}

{% macro default__first_of(list) -%}
    {{ list }}[0]
{%- endmacro %}

{% macro duckdb__first_of(list) -%}
    {{ list }}[1]
{%- endmacro %}
