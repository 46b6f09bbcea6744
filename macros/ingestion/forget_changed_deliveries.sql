{#-
    The pre-hook of an incremental base model whose rows each carry `delivery_day` and `record_hash`: forget the days of delivery whose raw rows
    are no longer those that the table holds; and of the others those with a copy of what is about to be added, for of an event's copies the
    first one received stands, and a late one may be it.
-#}
{% macro forget_changed_deliveries(source, columns, id) -%}
    {%- if is_incremental() %}
    {{ forget_changed(
        'delivery_day',
        fresh=keys_hashed(source, 'delivery_day', key_expression=delivery_day(), hash=row_hash(columns)),
        hash='record_hash'
    ) }};
    delete from {{ this }}
    where delivery_day in (
        select delivery_day from {{ this }}
        where {{ id }} in (select {{ clean_text(id) }} from {{ source }} {{ only_missing('delivery_day', expression=delivery_day()) }})
    )
    {%- endif %}
{%- endmacro %}
