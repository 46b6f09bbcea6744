with

order_items as (

    select * from {{ ref('stg_shop__order_items') }}

),

orders as (

    select * from {{ ref('int_orders_checked') }}
    where rejection_reason is null

),

products as (

    select * from {{ ref('stg_shop__products') }}

),

prices as (

    select * from {{ ref('int_product_prices_versioned') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_filled') }}

),

joined as (

    select
        order_items.record_key,
        order_items.order_item_id,
        order_items.order_id,
        order_items.product_id,
        order_items.quantity,
        order_items.unit_price,
        orders.order_id is not null as has_order,
        orders.customer_id,
        orders.store_id,
        orders.currency_code,
        orders.region,
        orders.usd_per_unit,
        orders.is_cancelled,
        orders.order_date,
        orders.ordered_at,
        coalesce(products.category, 'Unknown') as category,
        prices.product_price_key,
        prices.unit_cost,
        prices.list_price,
        rates.usd_per_unit as price_usd_per_unit,
        cast(order_items.quantity * order_items.unit_price as decimal(18, 2)) as gross_amount,
        coalesce(order_items.discount_amount, 0) as discount_amount
    from order_items
    left join orders on order_items.order_id = orders.order_id
    left join products on order_items.product_id = products.product_id
    left join prices
        on
            order_items.product_id = prices.product_id
            and orders.ordered_at >= prices.valid_from
            and (orders.ordered_at < prices.valid_to or prices.valid_to is null)
    left join rates
        on
            prices.currency_code = rates.currency_code
            and orders.order_date = rates.rate_date

),

converted as (

    select
        *,
        {{ to_usd('unit_price') }} as unit_price_usd,
        {{ to_usd('list_price', 'price_usd_per_unit') }} as list_price_usd,
        {{ to_usd('gross_amount') }} as gross_usd,
        {{ to_usd('discount_amount') }} as discount_usd,
        {{ to_usd('quantity * unit_cost', 'price_usd_per_unit') }} as cost_usd
    from joined

),

int_order_items_checked as (

    select
        record_key,
        order_item_id,
        order_id,
        customer_id,
        store_id,
        product_id,
        product_price_key,
        currency_code,
        category,
        region,
        quantity,
        cast(gross_amount - discount_amount as decimal(18, 2)) as sales_amount,
        unit_price_usd,
        gross_usd,
        discount_usd,
        cast(gross_usd - discount_usd as decimal(18, 2)) as sales_usd,
        cost_usd,
        is_cancelled,
        order_date,
        ordered_at,
        {{ rejection([
            breaks('order_id', 'unknown_order', 'not has_order'),
            breaks('unit_price', 'price_out_of_range', 'list_price_usd > 0 and unit_price_usd > 100 * list_price_usd'),
            breaks('discount_amount', 'discount_exceeds_sale', 'discount_amount > gross_amount'),
        ]) }}
    from converted

)

select * from int_order_items_checked
