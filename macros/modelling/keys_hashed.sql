{#- A query in brackets: per key of a relation, the count of its rows and the sum of their hashes, to tell whether its rows are the same as elsewhere. -#}
{% macro keys_hashed(relation, key, hash, key_expression=none, row_count='count(*)') -%}
    (
        select
            {{ key_expression ~ ' as ' if key_expression }}{{ key }},
            {{ row_count }} as row_count,
            sum(cast({{ hash }} as decimal(38, 0))) as hash_sum
        from {{ relation }}
        group by {{ key_expression or key }}
    )
{%- endmacro %}
