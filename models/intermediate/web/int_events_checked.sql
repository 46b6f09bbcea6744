with

events as (

    select * from {{ ref('int_events_sessionized') }}

),

products as (

    select * from {{ ref('stg_shop__products') }}

),

orders as (

    select * from {{ ref('int_orders_checked') }}
    where rejection_reason is null

),

broken as (

    select * from {{ ref('base_web__events') }}
    where record_status = 'rejected' and received_at is not null

),

checked as (

    select
        cast(events.event_at as date) as event_date,
        coalesce(events.device_type, 'unknown') as device_type,
        events.crawler_kind is null as is_human,
        events.is_late,
        events.is_clock_corrected,
        events.page_path is null as is_page_missing,
        events.event_name in ('product_view', 'add_to_cart') and events.product_id is null as is_product_missing,
        events.event_name in ('product_view', 'add_to_cart')
        and events.product_id is not null and products.product_id is null as is_product_unknown,
        events.event_name = 'purchase' and events.order_id is null as is_order_missing,
        events.event_name = 'purchase' and events.order_id is not null and orders.order_id is null as is_order_unknown
    from events
    left join products on events.product_id = products.product_id
    left join orders on events.order_id = orders.order_id

),

counted as (

    select
        event_date,
        device_type,
        sum(case when is_human then 1 else 0 end) as event_count,
        sum(case when is_human then 0 else 1 end) as crawler_event_count,
        0 as rejected_event_count,
        sum(case when is_human and is_late then 1 else 0 end) as late_event_count,
        sum(case when is_human and is_clock_corrected then 1 else 0 end) as clock_corrected_event_count,
        sum(case when is_human and device_type = 'unknown' then 1 else 0 end) as missing_device_event_count,
        sum(case when is_human and is_page_missing then 1 else 0 end) as missing_page_event_count,
        sum(case when is_human and is_product_missing then 1 else 0 end) as missing_product_event_count,
        sum(case when is_human and is_product_unknown then 1 else 0 end) as unknown_product_event_count,
        sum(case when is_human and is_order_missing then 1 else 0 end) as missing_order_event_count,
        sum(case when is_human and is_order_unknown then 1 else 0 end) as unknown_order_event_count
    from checked
    group by event_date, device_type
    union all
    select
        cast(received_at as date) as event_date,
        coalesce(device_type, 'unknown') as device_type,
        0 as event_count,
        0 as crawler_event_count,
        count(*) as rejected_event_count,
        0 as late_event_count,
        0 as clock_corrected_event_count,
        0 as missing_device_event_count,
        0 as missing_page_event_count,
        0 as missing_product_event_count,
        0 as unknown_product_event_count,
        0 as missing_order_event_count,
        0 as unknown_order_event_count
    from broken
    group by cast(received_at as date), coalesce(device_type, 'unknown')

),

int_events_checked as (

    select
        {{ surrogate_key(['event_date', 'device_type']) }} as device_day_key,
        event_date,
        device_type,
        sum(event_count) as event_count,
        sum(crawler_event_count) as crawler_event_count,
        sum(rejected_event_count) as rejected_event_count,
        sum(late_event_count) as late_event_count,
        sum(clock_corrected_event_count) as clock_corrected_event_count,
        sum(missing_device_event_count) as missing_device_event_count,
        sum(missing_page_event_count) as missing_page_event_count,
        sum(missing_product_event_count) as missing_product_event_count,
        sum(unknown_product_event_count) as unknown_product_event_count,
        sum(missing_order_event_count) as missing_order_event_count,
        sum(unknown_order_event_count) as unknown_order_event_count
    from counted
    group by event_date, device_type

)

select * from int_events_checked
