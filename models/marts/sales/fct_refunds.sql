with

refunds as (

    select * from {{ ref('int_refunds_checked') }}
    where rejection_reason is null

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

fct_refunds as (

    select
        refunds.refund_id,
        refunds.order_item_id,
        refunds.order_id,
        refunds.customer_id,
        refunds.store_id,
        refunds.product_id,
        refunds.category,
        refunds.region,
        orders.customer_type,
        refunds.refund_reason,
        cast(case when refunds.is_cancelled then 0 else refunds.quantity end as bigint) as refunded_unit_count,
        {{ usd('case when refunds.is_cancelled then 0 else refunds.amount_usd end') }} as refund_usd,
        {{ usd('case when refunds.is_cancelled or refunds.is_costed then 0 else refunds.amount_usd end') }}
            as uncosted_refund_usd,
        {{ usd('case when refunds.is_cancelled then refunds.amount_usd else 0 end') }} as cancelled_refund_usd,
        refunds.is_cancelled,
        refunds.refund_date,
        refunds.refunded_at
    from refunds
    inner join orders on refunds.order_id = orders.order_id

)

select * from fct_refunds
