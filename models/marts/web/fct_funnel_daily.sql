with

sessions as (

    select * from {{ ref('fct_sessions') }}

),

fct_funnel_daily as (

    select
        {{ surrogate_key(['session_date', 'channel', 'device_type', 'landing_page']) }} as funnel_key,
        channel,
        device_type,
        landing_page,
        cast(count(*) as bigint) as session_count,
        cast(sum(case when has_reached_product_view then 1 else 0 end) as bigint) as product_view_session_count,
        cast(sum(case when has_reached_cart then 1 else 0 end) as bigint) as cart_session_count,
        cast(sum(case when has_reached_checkout then 1 else 0 end) as bigint) as checkout_session_count,
        cast(sum(case when has_reached_purchase then 1 else 0 end) as bigint) as purchase_session_count,
        cast(sum(order_count) as bigint) as order_count,
        {{ usd('sum(net_sales_usd)') }} as net_sales_usd,
        session_date
    from sessions
    group by session_date, channel, device_type, landing_page

)

select * from fct_funnel_daily
