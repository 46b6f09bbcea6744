with

stores as (

    select * from {{ ref('stg_shop__stores') }}

),

countries as (

    select * from {{ ref('countries') }}

),

orders as (

    select * from {{ ref('int_orders_checked') }}
    where rejection_reason is null

),

members as (

    select
        store_id,
        store_name,
        store_type,
        country_code,
        city,
        opened_on,
        false as is_inferred
    from stores
    union all
    select distinct
        orders.store_id,
        'Unknown store' as store_name,
        'unknown' as store_type,
        cast(null as {{ dbt.type_string() }}) as country_code,
        cast(null as {{ dbt.type_string() }}) as city,
        cast(null as date) as opened_on,
        true as is_inferred
    from orders
    left join stores on orders.store_id = stores.store_id
    where stores.store_id is null

),

dim_stores as (

    select
        members.store_id,
        members.store_name,
        members.store_type,
        members.country_code,
        countries.country_name,
        coalesce(countries.region, 'Unknown') as region,
        members.city,
        members.opened_on,
        members.is_inferred
    from members
    left join countries on members.country_code = countries.country_code

)

select * from dim_stores
