{#- A list of values of one type. -#}
{% macro list_of(values) -%}
    {{ adapter.dispatch('list_of')(values) }}
{%- endmacro %}

{% macro default__list_of(values) -%}
    array({{ values | join(', ') }})
{%- endmacro %}

{% macro duckdb__list_of(values) -%}
    [{{ values | join(', ') }}]
{%- endmacro %}
