with

sessions as (

    select * from {{ ref('int_sessions_identified') }}

),

conversions as (

    select * from {{ ref('int_conversions_matched') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

sales_by_session as (

    select
        conversions.session_id,
        min_by(conversions.order_id, conversions.order_number) as order_id,
        count(*) as order_count,
        sum(orders.net_sales_usd) as net_sales_usd
    from conversions
    inner join orders on conversions.order_id = orders.order_id
    group by conversions.session_id

),

-- A step counts as reached with any later one, so that the steps of a funnel only ever narrow.
furthest as (

    select
        *,
        case
            when purchase_count > 0 then 4
            when checkout_start_count > 0 then 3
            when add_to_cart_count > 0 then 2
            when product_view_count > 0 then 1
            else 0
        end as furthest_step,
        {{ dbt.datediff('started_at', 'ended_at', 'second') }}
            as duration_seconds
    from sessions

),

fct_sessions as (

    select
        furthest.session_id,
        furthest.anonymous_id,
        furthest.customer_id,
        sales_by_session.order_id,
        furthest.source,
        furthest.medium,
        furthest.campaign,
        furthest.channel,
        furthest.last_non_direct_source,
        furthest.last_non_direct_medium,
        furthest.last_non_direct_campaign,
        furthest.last_non_direct_channel,
        furthest.landing_page,
        furthest.exit_page,
        furthest.device_type,
        case when furthest.session_number = 1 then 'new' else 'returning' end as visitor_type,
        cast(furthest.session_number as bigint) as session_number,
        cast(furthest.event_count as bigint) as event_count,
        cast(furthest.page_view_count as bigint) as page_view_count,
        cast(furthest.product_view_count as bigint) as product_view_count,
        cast(furthest.duration_seconds as bigint) as duration_second_count,
        cast(coalesce(sales_by_session.order_count, 0) as bigint) as order_count,
        {{ usd('coalesce(sales_by_session.net_sales_usd, 0)') }} as net_sales_usd,
        furthest.is_signed_in,
        furthest.event_count = 1 as is_bounce,
        {{ is_engaged(
            'furthest.duration_seconds',
            'furthest.page_view_count + furthest.product_view_count',
            'furthest.purchase_count > 0'
        ) }} as is_engaged,
        furthest.furthest_step >= 1 as has_reached_product_view,
        furthest.furthest_step >= 2 as has_reached_cart,
        furthest.furthest_step >= 3 as has_reached_checkout,
        furthest.furthest_step >= 4 as has_reached_purchase,
        furthest.session_date,
        furthest.started_at,
        furthest.ended_at
    from furthest
    left join sales_by_session on furthest.session_id = sales_by_session.session_id

)

select * from fct_sessions
