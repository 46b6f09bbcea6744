with

base as (

    select * from {{ ref('base_planning__sales_targets') }}

),

stg_planning__sales_targets as (

    select
        record_key,
        target_month as month_start_date,
        category,
        target_net_sales_usd
    from base
    where record_status = 'accepted'

)

select * from stg_planning__sales_targets
