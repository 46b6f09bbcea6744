{#- A list of what an expression gives for each member of another list. -#}
{% macro mapped(list, name, expression) -%}
    {{ adapter.dispatch('mapped')(list, name, expression) }}
{%- endmacro %}

{% macro default__mapped(list, name, expression) -%}
    transform({{ list }}, {{ name }} -> {{ expression }})
{%- endmacro %}

{% macro duckdb__mapped(list, name, expression) -%}
    list_transform({{ list }}, lambda {{ name }}: {{ expression }})
{%- endmacro %}
