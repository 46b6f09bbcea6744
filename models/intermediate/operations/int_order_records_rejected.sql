with

unmatched as (

    select * from {{ ref('int_order_records_unmatched') }}

),

records as (

    select
        'orders' as source_table,
        order_id as record_id,
        record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__orders') }}
    union all
    select
        'order_items' as source_table,
        order_item_id as record_id,
        record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__order_items') }}
    union all
    select
        'payments' as source_table,
        payment_id as record_id,
        record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__payments') }}
    union all
    select
        'refunds' as source_table,
        refund_id as record_id,
        record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__refunds') }}

),

int_order_records_rejected as (

    select
        records.record_key,
        'shop' as source_system,
        records.source_table,
        records.record_id,
        coalesce(records.rejected_column, unmatched.rejected_column) as rejected_column,
        coalesce(records.rejection_reason, unmatched.rejection_reason) as rejection_reason,
        records.source_record
    from records
    left join unmatched on records.record_key = unmatched.record_key
    where records.record_status = 'rejected' or unmatched.record_key is not null

)

select * from int_order_records_rejected
