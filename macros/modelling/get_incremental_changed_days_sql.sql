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
    where {{ day }} in {{ changed_keys(
        day,
        held=keys_hashed(target, day, row_hash(columns)),
        fresh=keys_hashed(fresh, day, row_hash(columns))
    ) }};

    insert into {{ target }} ({{ columns | join(', ') }})
    select {{ columns | join(', ') }}
    from {{ fresh }}
    where {{ day }} not in (select {{ day }} from {{ target }})
{%- endmacro %}
