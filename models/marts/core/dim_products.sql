with

products as (

    select * from {{ ref('stg_shop__products') }}

),

order_items as (

    select * from {{ ref('int_order_items_checked') }}
    where rejection_reason is null

),

dim_products as (

    select
        product_id,
        sku,
        product_name,
        category,
        subcategory,
        is_active,
        created_at,
        updated_at,
        false as is_inferred
    from products
    union all
    select distinct
        order_items.product_id,
        cast(null as {{ dbt.type_string() }}) as sku,
        'Unknown product' as product_name,
        'Unknown' as category,
        cast(null as {{ dbt.type_string() }}) as subcategory,
        false as is_active,
        cast(null as {{ dbt.type_timestamp() }}) as created_at,
        cast(null as {{ dbt.type_timestamp() }}) as updated_at,
        true as is_inferred
    from order_items
    left join products on order_items.product_id = products.product_id
    where products.product_id is null

)

select * from dim_products
