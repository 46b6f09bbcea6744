with

refunds as (

    select * from {{ ref('stg_shop__refunds') }}

),

order_items as (

    select * from {{ ref('int_order_items_checked') }}
    where rejection_reason is null

),

rates as (

    select * from {{ ref('int_exchange_rates_filled') }}

),

joined as (

    select
        refunds.record_key,
        refunds.refund_id,
        refunds.order_item_id,
        order_items.order_id,
        order_items.customer_id,
        order_items.store_id,
        order_items.product_id,
        order_items.category,
        order_items.region,
        refunds.refund_reason,
        refunds.quantity,
        refunds.amount,
        order_items.order_item_id is not null as has_order_item,
        order_items.quantity as sold_quantity,
        order_items.sales_amount as sold_amount,
        order_items.cost_usd is not null as is_costed,
        order_items.is_cancelled,
        rates.usd_per_unit,
        cast(refunds.refunded_at as date) as refund_date,
        refunds.refunded_at
    from refunds
    left join order_items on refunds.order_item_id = order_items.order_item_id
    left join rates
        on
            order_items.currency_code = rates.currency_code
            and cast(refunds.refunded_at as date) = rates.rate_date

),

-- A refund that is too large by itself takes nothing from those after it.
measured as (

    select
        *,
        amount <= sold_amount and quantity <= sold_quantity as fits_alone
    from joined

),

accumulated as (

    select
        *,
        sum(case when fits_alone then amount end) over (
            partition by order_item_id order by refunded_at, refund_id
            rows between unbounded preceding and current row
        ) as refunded_amount,
        sum(case when fits_alone then quantity end) over (
            partition by order_item_id order by refunded_at, refund_id
            rows between unbounded preceding and current row
        ) as refunded_quantity
    from measured

),

int_refunds_checked as (

    select
        record_key,
        refund_id,
        order_item_id,
        order_id,
        customer_id,
        store_id,
        product_id,
        category,
        region,
        refund_reason,
        quantity,
        {{ to_usd('amount') }} as amount_usd,
        is_costed,
        is_cancelled,
        refund_date,
        refunded_at,
        {{ rejection([
            breaks('order_item_id', 'unknown_order_item', 'not has_order_item'),
            breaks('amount', 'refund_exceeds_sale', 'amount > sold_amount or (fits_alone and refunded_amount > sold_amount)'),
            breaks('quantity', 'refund_exceeds_sale', 'quantity > sold_quantity or (fits_alone and refunded_quantity > sold_quantity)'),
            breaks('refunded_at', 'unknown_currency', 'usd_per_unit is null'),
        ]) }}
    from accumulated

)

select * from int_refunds_checked
