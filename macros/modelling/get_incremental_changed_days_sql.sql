{#-
    The incremental strategy `changed_days`: replace the days whose rows differ from what the table holds, and no other.

    `unique_key` names the day's column. The model's SQL states the whole table, without `is_incremental()`; a day has changed when the
    count of its rows or the sum of their hashes has. So a late row, a corrected one, one that vanished and a price changed after the fact
    are all found, whatever their timestamps say: the shop's tables carry no time of arrival that could be trusted to choose the days.
-#}
{% macro get_incremental_changed_days_sql(arg_dict) -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set fresh = arg_dict['temp_relation'] -%}
    {%- set day = arg_dict['unique_key'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | list -%}

    delete from {{ target }}
    where {{ day }} in (
        select coalesce(held.{{ day }}, fresh.{{ day }})
        from {{ days_hashed(target, day, columns) }} as held
        full outer join {{ days_hashed(fresh, day, columns) }} as fresh on held.{{ day }} = fresh.{{ day }}
        where
            held.{{ day }} is null
            or fresh.{{ day }} is null
            or held.row_count <> fresh.row_count
            or held.hash_sum <> fresh.hash_sum
    );

    insert into {{ target }} ({{ columns | join(', ') }})
    select {{ columns | join(', ') }}
    from {{ fresh }}
    where {{ day }} not in (select {{ day }} from {{ target }})
{%- endmacro %}

{#- Per day of a relation, the count of its rows and the sum of their hashes. -#}
{% macro days_hashed(relation, day, columns) -%}
    (
        select
            {{ day }},
            count(*) as row_count,
            sum(cast({{ row_hash(columns) }} as decimal(38, 0))) as hash_sum
        from {{ relation }}
        group by {{ day }}
    )
{%- endmacro %}
