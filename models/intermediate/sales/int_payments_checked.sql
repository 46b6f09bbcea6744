with

payments as (

    select * from {{ ref('stg_shop__payments') }}

),

orders as (

    select * from {{ ref('int_orders_checked') }}
    where rejection_reason is null

),

rates as (

    select * from {{ ref('int_exchange_rates_filled') }}

),

joined as (

    select
        payments.record_key,
        payments.payment_id,
        payments.order_id,
        orders.customer_id,
        orders.store_id,
        payments.payment_method,
        payments.payment_status,
        payments.amount,
        orders.order_id is not null as has_order,
        rates.usd_per_unit,
        cast(payments.processed_at as date) as payment_date,
        payments.processed_at
    from payments
    left join orders on payments.order_id = orders.order_id
    left join rates
        on
            orders.currency_code = rates.currency_code
            and cast(payments.processed_at as date) = rates.rate_date

),

int_payments_checked as (

    select
        record_key,
        payment_id,
        order_id,
        customer_id,
        store_id,
        payment_method,
        payment_status,
        {{ to_usd('amount') }} as amount_usd,
        payment_date,
        processed_at,
        {{ rejection([
            breaks('order_id', 'unknown_order', 'not has_order'),
            breaks('processed_at', 'unknown_currency', 'usd_per_unit is null'),
        ]) }}
    from joined

)

select * from int_payments_checked
