with

base as (

    select * from {{ ref('base_shop__exchange_rates') }}

),

stg_shop__exchange_rates as (

    select
        record_key,
        rate_date,
        currency_code,
        usd_per_unit
    from base
    where record_status = 'accepted'

)

select * from stg_shop__exchange_rates
