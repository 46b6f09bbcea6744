with

ad_spend as (

    select * from {{ ref('stg_ads__ad_spend') }}

),

channels as (

    select * from {{ ref('ad_channels') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_filled') }}

),

int_ad_spend_converted as (

    select
        ad_spend.record_key,
        coalesce(channels.channel, 'Paid Other') as channel,
        ad_spend.platform_channel,
        ad_spend.campaign,
        ad_spend.currency_code,
        ad_spend.impression_count,
        ad_spend.click_count,
        ad_spend.cost_amount,
        {{ to_usd('ad_spend.cost_amount', 'rates.usd_per_unit') }} as spend_usd,
        ad_spend.spend_date,
        case when rates.usd_per_unit is null then 'currency_code' end as rejected_column,
        case when rates.usd_per_unit is null then 'unknown_currency' end as rejection_reason
    from ad_spend
    left join channels
        on replace(replace(ad_spend.platform_channel, ' ', '_'), '-', '_') = channels.platform_channel
    left join rates
        on
            ad_spend.currency_code = rates.currency_code
            and ad_spend.spend_date = rates.rate_date

)

select * from int_ad_spend_converted
