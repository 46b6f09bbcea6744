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

counted as (

    select
        *,
        count(*) over (partition by store_name) as namesake_count
    from members

),

dim_stores as (

    select
        counted.store_id,
        counted.store_name,
        case
            when counted.namesake_count = 1 then counted.store_name
            else {{ dbt.concat(['counted.store_name', "' ('", 'counted.store_id', "')'"]) }}
        end as store_label,
        counted.store_type,
        counted.country_code,
        countries.country_name,
        coalesce(countries.region, 'Unknown') as region,
        counted.city,
        counted.opened_on,
        counted.is_inferred
    from counted
    left join countries on counted.country_code = countries.country_code

)

select * from dim_stores
