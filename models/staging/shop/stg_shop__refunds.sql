with

base as (

    select * from {{ ref('base_shop__refunds') }}

),

stg_shop__refunds as (

    select
        record_key,
        refund_id,
        order_item_id,
        quantity,
        amount,
        reason as refund_reason,
        refunded_at
    from base
    where record_status = 'accepted'

)

select * from stg_shop__refunds
