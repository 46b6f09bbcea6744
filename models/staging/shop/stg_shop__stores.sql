with

base as (

    select * from {{ ref('base_shop__stores') }}

),

stg_shop__stores as (

    select
        record_key,
        store_id,
        store_name,
        store_type,
        country_code,
        city,
        opened_on
    from base
    where record_status = 'accepted'

)

select * from stg_shop__stores
