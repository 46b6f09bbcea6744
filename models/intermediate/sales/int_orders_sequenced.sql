with

orders as (

    select * from {{ ref('int_orders_checked') }}
    where rejection_reason is null

),

order_items as (

    select * from {{ ref('int_order_items_checked') }}
    where rejection_reason is null

),

items_by_order as (

    select
        order_id,
        count(*) as item_count,
        sum(quantity) as quantity,
        sum(gross_usd) as gross_usd,
        sum(discount_usd) as discount_usd,
        sum(cost_usd) as cost_usd,
        sum(case when cost_usd is null then sales_usd else 0 end) as uncosted_usd
    from order_items
    group by order_id

),

joined as (

    select
        orders.*,
        coalesce(items_by_order.item_count, 0) as item_count,
        coalesce(items_by_order.quantity, 0) as quantity,
        coalesce(items_by_order.gross_usd, 0) as gross_usd,
        coalesce(items_by_order.discount_usd, 0) as discount_usd,
        coalesce(items_by_order.cost_usd, 0) as cost_usd,
        coalesce(items_by_order.uncosted_usd, 0) as uncosted_usd,
        {{ to_usd('orders.shipping_amount', 'orders.usd_per_unit') }} as shipping_usd,
        not orders.is_cancelled and items_by_order.order_id is not null as is_sale
    from orders
    left join items_by_order on orders.order_id = items_by_order.order_id

),

int_orders_sequenced as (

    select
        record_key,
        order_id,
        customer_id,
        store_id,
        order_status,
        currency_code,
        coupon_code,
        country_code,
        region,
        shipping_amount,
        usd_per_unit,
        is_cancelled,
        order_date,
        ordered_at,
        updated_at,
        rejected_column,
        rejection_reason,
        item_count,
        quantity,
        gross_usd,
        discount_usd,
        cost_usd,
        uncosted_usd,
        shipping_usd,
        is_sale,
        case
            when customer_id is null then 'guest'
            when
                sum(case when is_sale then 1 else 0 end) over (
                    partition by customer_id order by ordered_at, order_id
                    rows between unbounded preceding and 1 preceding
                ) > 0
                then 'returning'
            else 'new'
        end as customer_type,
        case
            when is_sale and customer_id is not null
                then row_number() over (partition by customer_id, is_sale order by ordered_at, order_id)
        end as customer_order_number
    from joined

)

select * from int_orders_sequenced
