with

base as (

    select * from {{ ref('base_shop__customers') }}

),

stg_shop__customers as (

    select
        record_key,
        customer_id,
        country_code,
        region,
        city,
        marketing_opt_in as is_marketing_opted_in,
        created_at,
        updated_at
    from base
    where record_status = 'accepted'

)

select * from stg_shop__customers
