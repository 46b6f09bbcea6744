{#-
    The pre-hook of an incremental base model whose rows each carry `delivery_day` and `record_hash`: forget the days of delivery whose raw rows
    are no longer those that the table holds; and of the others those with a copy of what such a day held or holds now, for of an event's copies
    the first one received stands: a late one may be it, and one that is withdrawn may have been.
-#}
{% macro forget_changed_deliveries(source, columns, id) -%}
    {%- if is_incremental() %}
    {%- set held = keys_hashed(this, 'delivery_day', hash='record_hash') %}
    {%- set fresh = keys_hashed(source, 'delivery_day', key_expression=delivery_day(), hash=row_hash(columns)) %}
    delete from {{ this }}
    where delivery_day in (
        with

        changed as (

            select delivery_day from {{ changed_keys('delivery_day', held=held, fresh=fresh) }} as days

        ),

        touched as (

            select {{ id }} from {{ this }} where delivery_day in (select delivery_day from changed)
            union
            select {{ clean_text(id) }} from {{ source }} where {{ delivery_day() }} in (select delivery_day from changed)

        )

        select delivery_day from changed
        union
        select delivery_day from {{ this }} where {{ id }} in (select {{ id }} from touched)
    )
    {%- endif %}
{%- endmacro %}
