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

identities as (

    select * from {{ ref('int_identities_stitched') }}

),

-- Of several customers who signed in on a browser, the latest one.
customers as (

    select
        anonymous_id,
        max(customer_count) as customer_count,
        max_by(customer_id, identity_number) as customer_id
    from identities
    group by anonymous_id

),

visits as (

    select
        anonymous_id,
        max(case when session_number = 1 then source end) as first_source,
        max(case when session_number = 1 then medium end) as first_medium,
        max(case when session_number = 1 then campaign end) as first_campaign,
        max(case when session_number = 1 then channel end) as first_channel,
        max(case when session_number = 1 then landing_page end) as first_landing_page,
        max(case when session_number = 1 then device_type end) as device_type,
        count(*) as session_count,
        min(session_date) as first_session_date,
        max(session_date) as last_session_date,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at
    from sessions
    group by anonymous_id

),

sales as (

    select
        sessions.anonymous_id,
        count(*) as order_count,
        sum(orders.net_sales_usd) as net_sales_usd
    from conversions
    inner join sessions on conversions.session_id = sessions.session_id
    inner join orders on conversions.order_id = orders.order_id
    group by sessions.anonymous_id

),

dim_visitors as (

    select
        visits.anonymous_id,
        customers.customer_id,
        visits.first_source,
        visits.first_medium,
        visits.first_campaign,
        visits.first_channel,
        visits.first_landing_page,
        visits.device_type,
        cast(coalesce(customers.customer_count, 0) as bigint) as customer_count,
        cast(visits.session_count as bigint) as session_count,
        cast(coalesce(sales.order_count, 0) as bigint) as order_count,
        {{ usd('coalesce(sales.net_sales_usd, 0)') }} as net_sales_usd,
        coalesce(customers.customer_count > 1, false) as is_shared,
        visits.first_session_date,
        visits.last_session_date,
        visits.first_seen_at,
        visits.last_seen_at
    from visits
    left join customers on visits.anonymous_id = customers.anonymous_id
    left join sales on visits.anonymous_id = sales.anonymous_id

)

select * from dim_visitors
