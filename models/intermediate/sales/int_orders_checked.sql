with

orders as (

    select * from {{ ref('stg_shop__orders') }}

),

stores as (

    select * from {{ ref('stg_shop__stores') }}

),

customers as (

    select * from {{ ref('stg_shop__customers') }}

),

countries as (

    select * from {{ ref('countries') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_filled') }}

),

located as (

    select
        orders.*,
        cast(orders.ordered_at as date) as order_date,
        -- A shop sells where it stands; the online shop sells where the customer lives.
        case
            when stores.store_type = 'online' then coalesce(customers.country_code, stores.country_code)
            else stores.country_code
        end as country_code
    from orders
    left join stores on orders.store_id = stores.store_id
    left join customers on orders.customer_id = customers.customer_id

),

int_orders_checked as (

    select
        located.record_key,
        located.order_id,
        located.customer_id,
        located.store_id,
        located.order_status,
        located.currency_code,
        located.coupon_code,
        located.country_code,
        coalesce(countries.region, 'Unknown') as region,
        coalesce(located.shipping_amount, 0) as shipping_amount,
        rates.usd_per_unit,
        located.order_status = 'cancelled' as is_cancelled,
        located.order_date,
        located.ordered_at,
        located.updated_at,
        case when rates.usd_per_unit is null then 'currency_code' end as rejected_column,
        case when rates.usd_per_unit is null then 'unknown_currency' end as rejection_reason
    from located
    left join countries on located.country_code = countries.country_code
    left join rates
        on
            located.currency_code = rates.currency_code
            and located.order_date = rates.rate_date

)

select * from int_orders_checked
