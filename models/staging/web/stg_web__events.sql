with

base as (

    select * from {{ ref('base_web__events') }}

),

stg_web__events as (

    select
        record_key,
        event_id,
        anonymous_id,
        customer_id,
        event_name,
        page_path,
        referrer,
        utm_source,
        utm_medium,
        utm_campaign,
        device_type,
        user_agent,
        product_id,
        order_id,
        is_clock_corrected,
        corrected_event_at as event_at,
        received_at,
        record_hash
    from base
    where record_status = 'accepted'

)

select * from stg_web__events
