{%- set models = attribution_models() -%}

with

sessions as (

    select * from {{ ref('fct_sessions') }}

),

attributions as (

    select * from {{ ref('fct_attribution') }}

),

{%- if has_system('ads') %}

ad_spend as (

    select * from {{ ref('fct_ad_spend') }}

),

advertised as (

    select
        spend_date as activity_date,
        channel,
        sum(impression_count) as impression_count,
        sum(click_count) as click_count,
        sum(spend_usd) as spend_usd
    from ad_spend
    group by spend_date, channel

),
{%- endif %}

visited as (

    select
        session_date as activity_date,
        channel,
        count(*) as session_count,
        count(distinct anonymous_id) as visitor_count,
        sum(case when visitor_type = 'new' then 1 else 0 end) as new_visitor_count,
        sum(case when is_bounce then 1 else 0 end) as bounce_count,
        sum(case when has_reached_product_view then 1 else 0 end) as product_view_session_count,
        sum(case when has_reached_cart then 1 else 0 end) as cart_session_count,
        sum(case when has_reached_checkout then 1 else 0 end) as checkout_session_count,
        sum(case when has_reached_purchase then 1 else 0 end) as purchase_session_count,
        sum(order_count) as order_count,
        sum(net_sales_usd) as net_sales_usd
    from sessions
    group by session_date, channel

),

credited as (

    select
        conversion_date as activity_date,
        {%- for model in models %}
        sum(case when attribution_model = '{{ model }}' then credit_usd else 0 end) as {{ model }}_net_sales_usd,
        {%- endfor %}
        channel
    from attributions
    group by conversion_date, channel

),

channel_days as (

    select
        activity_date,
        channel
    from visited
    union distinct
    select
        activity_date,
        channel
    from credited
    {%- if has_system('ads') %}
    union distinct
    select
        activity_date,
        channel
    from advertised
    {%- endif %}

),

fct_channel_daily as (

    select
        {{ surrogate_key(['channel_days.activity_date', 'channel_days.channel']) }} as channel_day_key,
        channel_days.channel,
        cast(coalesce(visited.session_count, 0) as bigint) as session_count,
        cast(coalesce(visited.visitor_count, 0) as bigint) as visitor_count,
        cast(coalesce(visited.new_visitor_count, 0) as bigint) as new_visitor_count,
        cast(coalesce(visited.bounce_count, 0) as bigint) as bounce_count,
        cast(coalesce(visited.product_view_session_count, 0) as bigint) as product_view_session_count,
        cast(coalesce(visited.cart_session_count, 0) as bigint) as cart_session_count,
        cast(coalesce(visited.checkout_session_count, 0) as bigint) as checkout_session_count,
        cast(coalesce(visited.purchase_session_count, 0) as bigint) as purchase_session_count,
        cast(coalesce(visited.order_count, 0) as bigint) as order_count,
        {{ usd('coalesce(visited.net_sales_usd, 0)') }} as net_sales_usd,
        {%- for model in models %}
        {{ usd('coalesce(credited.' ~ model ~ '_net_sales_usd, 0)') }} as {{ model }}_net_sales_usd,
        {%- endfor %}
        {%- if has_system('ads') %}
        cast(coalesce(advertised.impression_count, 0) as bigint) as impression_count,
        cast(coalesce(advertised.click_count, 0) as bigint) as click_count,
        {{ usd('coalesce(advertised.spend_usd, 0)') }} as spend_usd,
        {%- else %}
        cast(null as bigint) as impression_count,
        cast(null as bigint) as click_count,
        {{ usd('null') }} as spend_usd,
        {%- endif %}
        channel_days.activity_date
    from channel_days
    left join visited
        on
            channel_days.activity_date = visited.activity_date
            and channel_days.channel = visited.channel
    left join credited
        on
            channel_days.activity_date = credited.activity_date
            and channel_days.channel = credited.channel
    {%- if has_system('ads') %}
    left join advertised
        on
            channel_days.activity_date = advertised.activity_date
            and channel_days.channel = advertised.channel
    {%- endif %}

)

select * from fct_channel_daily
