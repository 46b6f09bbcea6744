with

prices as (

    select * from {{ ref('int_product_prices_versioned') }}

),

dim_product_prices as (

    select
        product_price_key,
        product_id,
        currency_code,
        unit_cost,
        list_price,
        valid_to is null as is_current,
        valid_from,
        valid_to
    from prices

)

select * from dim_product_prices
