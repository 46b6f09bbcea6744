{#- A query in brackets: the keys whose rows differ between two relations of `keys_hashed`, those that only one of them has included. -#}
{% macro changed_keys(key, held, fresh) -%}
    (
        select coalesce(held.{{ key }}, fresh.{{ key }}) as {{ key }}
        from {{ held }} as held
        full outer join {{ fresh }} as fresh on held.{{ key }} = fresh.{{ key }}
        where
            held.{{ key }} is null
            or fresh.{{ key }} is null
            or held.row_count <> fresh.row_count
            or held.hash_sum <> fresh.hash_sum
    )
{%- endmacro %}
