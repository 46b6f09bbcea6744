with

refunds as (

    select * from {{ ref('int_refunds_checked') }}
    where rejection_reason is null

),

fct_refunds as (

    select
        refund_id,
        order_item_id,
        order_id,
        customer_id,
        store_id,
        product_id,
        category,
        region,
        refund_reason,
        cast(case when is_cancelled then 0 else quantity end as bigint) as refunded_unit_count,
        {{ usd('case when is_cancelled then 0 else amount_usd end') }} as refund_usd,
        {{ usd('case when is_cancelled or is_costed then 0 else amount_usd end') }} as uncosted_refund_usd,
        {{ usd('case when is_cancelled then amount_usd else 0 end') }} as cancelled_refund_usd,
        is_cancelled,
        refund_date,
        refunded_at
    from refunds

)

select * from fct_refunds
