with

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

payments as (

    select * from {{ ref('int_payments_checked') }}
    where rejection_reason is null

),

refunds as (

    select * from {{ ref('int_refunds_checked') }}
    where rejection_reason is null

),

paid as (

    select
        order_id,
        sum(case when payment_status = 'captured' then amount_usd else 0 end) as paid_usd
    from payments
    group by order_id

),

refunded as (

    select
        order_id,
        sum(amount_usd) as refund_usd
    from refunds
    group by order_id

),

joined as (

    select
        orders.*,
        coalesce(paid.paid_usd, 0) as paid_usd,
        case when orders.is_cancelled then 0 else coalesce(refunded.refund_usd, 0) end as refund_usd
    from orders
    left join paid on orders.order_id = paid.order_id
    left join refunded on orders.order_id = refunded.order_id

),

fct_orders as (

    select
        order_id,
        customer_id,
        store_id,
        order_status,
        currency_code,
        coupon_code,
        country_code,
        region,
        cast(item_count as bigint) as item_count,
        cast(customer_order_number as bigint) as customer_order_number,
        cast(case when is_cancelled then 0 else quantity end as bigint) as unit_count,
        {{ usd('case when is_cancelled then 0 else gross_usd end') }} as gross_sales_usd,
        {{ usd('case when is_cancelled then 0 else discount_usd end') }} as discount_usd,
        {{ usd('case when is_cancelled then 0 else gross_usd - discount_usd end') }} as sales_usd,
        {{ usd('refund_usd') }} as refund_usd,
        {{ usd('case when is_cancelled then 0 else gross_usd - discount_usd end - refund_usd') }} as net_sales_usd,
        {{ usd('case when is_cancelled then 0 else cost_usd end') }} as cost_of_goods_usd,
        {{ usd('case when is_cancelled then 0 else uncosted_usd end') }} as uncosted_sales_usd,
        {{ usd('case when is_cancelled then gross_usd - discount_usd else 0 end') }} as cancelled_sales_usd,
        {{ usd('case when is_cancelled then 0 else shipping_usd end') }} as shipping_usd,
        {{ usd('paid_usd') }} as paid_usd,
        customer_id is null as is_guest,
        is_cancelled,
        is_sale,
        order_date,
        ordered_at,
        updated_at
    from joined

)

select * from fct_orders
