{#- The sum of an expression in which a name stands for one number of a list after another. -#}
{% macro sum_over(name, numbers, term) -%}
    {{ adapter.dispatch('sum_over')(name, numbers, term) }}
{%- endmacro %}

{% macro default__sum_over(name, numbers, term) -%}
    aggregate({{ mapped(list_of(numbers), name, term) }}, 0e0, (total, term) -> total + term)
{%- endmacro %}

{% macro duckdb__sum_over(name, numbers, term) -%}
    list_sum({{ mapped(list_of(numbers), name, term) }})
{%- endmacro %}
