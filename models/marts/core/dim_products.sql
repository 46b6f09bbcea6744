with

products as (

    select * from {{ ref('stg_shop__products') }}

),

order_items as (

    select * from {{ ref('int_order_items_checked') }}
    where rejection_reason is null

),

members as (

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

),

counted as (

    select
        *,
        count(*) over (partition by product_name) as namesake_count,
        count(*) over (partition by product_name, sku) as twin_count
    from members

),

labelled as (

    select
        *,
        case
            when namesake_count = 1 then product_name
            when sku is not null and twin_count = 1 then {{ dbt.concat(['product_name', "' ('", 'sku', "')'"]) }}
            else {{ dbt.concat(['product_name', "' ('", 'product_id', "')'"]) }}
        end as product_label
    from counted

),

dim_products as (

    select
        product_id,
        sku,
        product_name,
        product_label,
        category,
        subcategory,
        is_active,
        created_at,
        updated_at,
        is_inferred
    from labelled

)

select * from dim_products
