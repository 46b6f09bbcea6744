with

base as (

    select * from {{ ref('base_shop__product_prices') }}

),

stg_shop__product_prices as (

    select
        record_key,
        product_id,
        effective_at,
        unit_cost,
        list_price,
        currency_code
    from base
    where record_status = 'accepted'

)

select * from stg_shop__product_prices
