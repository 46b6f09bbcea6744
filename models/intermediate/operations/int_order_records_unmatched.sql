with

int_order_records_unmatched as (

    select
        record_key,
        rejected_column,
        rejection_reason
    from {{ ref('int_orders_checked') }}
    where rejection_reason is not null
    union all
    select
        record_key,
        rejected_column,
        rejection_reason
    from {{ ref('int_order_items_checked') }}
    where rejection_reason is not null
    union all
    select
        record_key,
        rejected_column,
        rejection_reason
    from {{ ref('int_payments_checked') }}
    where rejection_reason is not null
    union all
    select
        record_key,
        rejected_column,
        rejection_reason
    from {{ ref('int_refunds_checked') }}
    where rejection_reason is not null

)

select * from int_order_records_unmatched
