{{ config(pre_hook="{{ forget_changed(
    'anonymous_id',
    fresh=keys_hashed(ref('int_events_sessionized'), 'anonymous_id', hash='record_hash'),
    hash='record_hash_sum',
    row_count='sum(event_count)'
) }}") }}
with

events as (

    select * from {{ ref('int_events_sessionized') }}
    {{ only_missing('anonymous_id') }}

),

sourced as (

    select
        *,
        {{ url_host('referrer') }} as referrer_host
    from events

),

-- Where a value is missing it is '' while the first or last one is looked for: an event's values go together.
ordered as (

    select
        *,
        case
            when
                coalesce(utm_source, utm_medium, utm_campaign) is not null
                or not {{ is_within_hosts('referrer_host', var('own_hosts') + var('ignored_referrers')) }}
                then event_number
        end as source_number,
        case when customer_id is not null then event_number end as sign_in_number,
        case when page_path is not null then event_number end as page_number
    from sourced

),

int_sessions_summarized as (

    select
        session_id,
        anonymous_id,
        max_by(customer_id, sign_in_number) as customer_id,
        nullif(min_by(coalesce(utm_source, ''), source_number), '') as utm_source,
        nullif(min_by(coalesce(utm_medium, ''), source_number), '') as utm_medium,
        nullif(min_by(coalesce(utm_campaign, ''), source_number), '') as utm_campaign,
        nullif(min_by(coalesce(referrer_host, ''), source_number), '') as referrer_host,
        min_by(page_path, page_number) as landing_page,
        max_by(page_path, page_number) as exit_page,
        nullif(min_by(coalesce(device_type, ''), event_number), '') as device_type,
        min(crawler_kind) as crawler_kind,
        min(session_number) as session_number,
        count(*) as event_count,
        sum(case when event_name = 'page_view' then 1 else 0 end) as page_view_count,
        sum(case when event_name = 'product_view' then 1 else 0 end) as product_view_count,
        sum(case when event_name = 'add_to_cart' then 1 else 0 end) as add_to_cart_count,
        sum(case when event_name = 'checkout_start' then 1 else 0 end) as checkout_start_count,
        sum(case when event_name = 'purchase' then 1 else 0 end) as purchase_count,
        sum(cast(record_hash as decimal(38, 0))) as record_hash_sum,
        min(event_at) as started_at,
        max(event_at) as ended_at
    from ordered
    group by session_id, anonymous_id

)

select * from int_sessions_summarized
