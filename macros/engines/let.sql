{#- An expression in which a name stands for a value, so that the value is written (and worked out) once however often it is read. -#}
{% macro let(name, value, body) -%}
    {{ first_of(mapped(list_of([value]), name, body)) }}
{%- endmacro %}
