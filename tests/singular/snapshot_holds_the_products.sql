{#- Each product that the shop lists is current in the snapshot, once, in the listed version or a later one. -#}
with

listed as (

    select * from {{ ref('stg_shop__products') }}

),

held as (

    select * from {{ ref('products_snapshot') }}
    where dbt_valid_to is null

)

select
    listed.product_id,
    listed.updated_at,
    count(held.product_id) as current_versions
from listed
left join held
    on
        listed.product_id = held.product_id
        and listed.updated_at <= held.updated_at
group by listed.product_id, listed.updated_at
having count(held.product_id) <> 1
