with

base as (

    select * from {{ ref('base_shop__products') }}

),

stg_shop__products as (

    select
        record_key,
        product_id,
        sku,
        product_name,
        category,
        subcategory,
        is_active,
        created_at,
        updated_at
    from base
    where record_status = 'accepted'

)

select * from stg_shop__products
