with

prices as (

    select * from {{ ref('stg_shop__product_prices') }}

),

int_product_prices_versioned as (

    select
        {{ surrogate_key(['product_id', 'effective_at']) }} as product_price_key,
        product_id,
        currency_code,
        unit_cost,
        list_price,
        effective_at as valid_from,
        lead(effective_at) over (partition by product_id order by effective_at) as valid_to
    from prices

)

select * from int_product_prices_versioned
