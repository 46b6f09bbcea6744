{{ config(pre_hook="{{ forget_changed(
    'anonymous_id', fresh=keys_hashed(ref('stg_web__events'), 'anonymous_id', hash='record_hash'), hash='record_hash'
) }}") }}
{%- set rules = session_rules(var('session_standard')) %}
with

events as (

    select * from {{ ref('stg_web__events') }}
    {{ only_missing('anonymous_id') }}

),

followed as (

    select
        anonymous_id,
        case when {{ is_announced_crawler('user_agent') }} then 1 else 0 end as announced,
        event_at,
        lag(event_at, {{ var('crawler_events_an_hour') }})
            over (partition by anonymous_id order by event_at, event_id) as many_events_before_at
    from events

),

crawlers as (

    select
        anonymous_id,
        case when max(announced) = 1 then 'announced' else 'unannounced' end as crawler_kind
    from followed
    where announced = 1 or event_at < many_events_before_at + interval '1' hour
    group by anonymous_id

),

sessionized as (

    select *
    from {{ sessionize('events', 'anonymous_id', 'event_at', 'event_id', **rules['options']) }} as sessions

),

int_events_sessionized as (

    select
        sessionized.event_id,
        sessionized.anonymous_id,
        sessionized.customer_id,
        sessionized.session_id,
        sessionized.product_id,
        sessionized.order_id,
        sessionized.event_name,
        sessionized.page_path,
        sessionized.referrer,
        sessionized.utm_source,
        sessionized.utm_medium,
        sessionized.utm_campaign,
        sessionized.device_type,
        crawlers.crawler_kind,
        sessionized.session_number,
        sessionized.event_number,
        sessionized.record_hash,
        sessionized.is_clock_corrected,
        sessionized.received_at > {{ dbt.dateadd('day', 1, 'sessionized.event_at') }} as is_late,
        sessionized.event_at
    from sessionized
    left join crawlers on sessionized.anonymous_id = crawlers.anonymous_id

)

select * from int_events_sessionized
