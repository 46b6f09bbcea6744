with

order_items as (

    select * from {{ ref('int_order_items_checked') }}
    where rejection_reason is null

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

fct_order_items as (

    select
        order_items.order_item_id,
        order_items.order_id,
        order_items.customer_id,
        order_items.store_id,
        order_items.product_id,
        order_items.product_price_key,
        order_items.category,
        order_items.region,
        orders.customer_type,
        cast(case when order_items.is_cancelled then 0 else order_items.quantity end as bigint) as unit_count,
        {{ usd('case when order_items.is_cancelled then 0 else order_items.gross_usd end') }} as gross_sales_usd,
        {{ usd('case when order_items.is_cancelled then 0 else order_items.discount_usd end') }} as discount_usd,
        {{ usd('case when order_items.is_cancelled then 0 else order_items.sales_usd end') }} as sales_usd,
        {{ usd('case when order_items.is_cancelled then 0 else coalesce(order_items.cost_usd, 0) end') }}
            as cost_of_goods_usd,
        {{ usd(
            'case when order_items.is_cancelled or order_items.cost_usd is not null then 0 else order_items.sales_usd end'
        ) }} as uncosted_sales_usd,
        {{ usd('case when order_items.is_cancelled then order_items.sales_usd else 0 end') }} as cancelled_sales_usd,
        order_items.is_cancelled,
        coalesce(orders.customer_order_number = 1, false) as is_first_order,
        order_items.order_date,
        order_items.ordered_at
    from order_items
    inner join orders on order_items.order_id = orders.order_id

)

select * from fct_order_items
