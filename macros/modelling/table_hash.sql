{#- A scalar query in brackets: the sum of the hashes of a relation's rows, to tell whether any of them changed. -#}
{% macro table_hash(relation, columns) -%}
    (select coalesce(sum(cast({{ row_hash(columns) }} as decimal(38, 0))), 0) from {{ relation }})
{%- endmacro %}
