with

base as (

    select * from {{ ref('base_ads__ad_spend') }}

),

stg_ads__ad_spend as (

    select
        record_key,
        channel as platform_channel,
        campaign,
        currency_code,
        impressions as impression_count,
        clicks as click_count,
        cost as cost_amount,
        spend_date
    from base
    where record_status = 'accepted'

)

select * from stg_ads__ad_spend
