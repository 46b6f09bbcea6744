{#- A product is current in the snapshot, once and with today's values, exactly if the shop lists it. -#}
with

listed as (

    select
        product_id,
        product_name,
        category,
        is_active,
        updated_at
    from {{ ref('stg_shop__products') }}

),

held as (

    select
        product_id,
        product_name,
        category,
        is_active,
        updated_at
    from {{ ref('products_snapshot') }}
    where dbt_valid_to is null

)

select
    'listed, not held' as difference,
    product_id,
    product_name,
    category,
    is_active,
    updated_at
from (
    select * from listed
    except
    select * from held
) as missing
union all
select
    'held, not listed' as difference,
    product_id,
    product_name,
    category,
    is_active,
    updated_at
from (
    select * from held
    except
    select * from listed
) as stale
