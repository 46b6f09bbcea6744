with

base as (

    select * from {{ ref('base_shop__order_items') }}

),

stg_shop__order_items as (

    select
        record_key,
        order_item_id,
        order_id,
        product_id,
        quantity,
        unit_price,
        discount_amount
    from base
    where record_status = 'accepted'

)

select * from stg_shop__order_items
