with

ad_spend as (

    select * from {{ ref('int_ad_spend_converted') }}
    where rejection_reason is null

),

fct_ad_spend as (

    select
        {{ surrogate_key(['spend_date', 'platform_channel', 'campaign']) }} as ad_spend_key,
        channel,
        platform_channel,
        lower(campaign) as campaign,
        currency_code,
        impression_count,
        click_count,
        spend_usd,
        spend_date
    from ad_spend

)

select * from fct_ad_spend
