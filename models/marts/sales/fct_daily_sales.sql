with

order_items as (

    select * from {{ ref('fct_order_items') }}
    where not is_cancelled

),

refunds as (

    select * from {{ ref('fct_refunds') }}
    where not is_cancelled

),

sold as (

    select
        order_date as sale_date,
        store_id,
        category,
        count(distinct order_id) as order_count,
        sum(unit_count) as unit_count,
        sum(gross_sales_usd) as gross_sales_usd,
        sum(discount_usd) as discount_usd,
        sum(sales_usd) as sales_usd,
        sum(cost_of_goods_usd) as cost_of_goods_usd,
        sum(uncosted_sales_usd) as uncosted_sales_usd
    from order_items
    group by order_date, store_id, category

),

refunded as (

    select
        refund_date as sale_date,
        store_id,
        category,
        sum(refund_usd) as refund_usd,
        sum(uncosted_refund_usd) as uncosted_refund_usd
    from refunds
    group by refund_date, store_id, category

),

joined as (

    select
        coalesce(sold.sale_date, refunded.sale_date) as sale_date,
        coalesce(sold.store_id, refunded.store_id) as store_id,
        coalesce(sold.category, refunded.category) as category,
        coalesce(sold.order_count, 0) as order_count,
        coalesce(sold.unit_count, 0) as unit_count,
        coalesce(sold.gross_sales_usd, 0) as gross_sales_usd,
        coalesce(sold.discount_usd, 0) as discount_usd,
        coalesce(sold.sales_usd, 0) as sales_usd,
        coalesce(refunded.refund_usd, 0) as refund_usd,
        coalesce(sold.sales_usd, 0) - coalesce(refunded.refund_usd, 0) as net_sales_usd,
        coalesce(sold.cost_of_goods_usd, 0) as cost_of_goods_usd,
        coalesce(sold.uncosted_sales_usd, 0) - coalesce(refunded.uncosted_refund_usd, 0) as uncosted_net_sales_usd
    from sold
    full outer join refunded
        on
            sold.sale_date = refunded.sale_date
            and sold.store_id = refunded.store_id
            and sold.category = refunded.category

),

fct_daily_sales as (

    select
        {{ surrogate_key(['sale_date', 'store_id', 'category']) }} as daily_sales_key,
        sale_date,
        store_id,
        category,
        cast(order_count as bigint) as order_count,
        cast(unit_count as bigint) as unit_count,
        {{ usd('gross_sales_usd') }} as gross_sales_usd,
        {{ usd('discount_usd') }} as discount_usd,
        {{ usd('sales_usd') }} as sales_usd,
        {{ usd('refund_usd') }} as refund_usd,
        {{ usd('net_sales_usd') }} as net_sales_usd,
        {{ usd('cost_of_goods_usd') }} as cost_of_goods_usd,
        {{ usd('uncosted_net_sales_usd') }} as uncosted_net_sales_usd,
        {{ usd('net_sales_usd - uncosted_net_sales_usd - cost_of_goods_usd') }} as gross_margin_usd
    from joined

)

select * from fct_daily_sales
