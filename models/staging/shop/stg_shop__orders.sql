with

base as (

    select * from {{ ref('base_shop__orders') }}

),

stg_shop__orders as (

    select
        record_key,
        order_id,
        customer_id,
        store_id,
        order_status,
        currency_code,
        shipping_amount,
        coupon_code,
        ordered_at,
        updated_at
    from base
    where record_status = 'accepted'

)

select * from stg_shop__orders
