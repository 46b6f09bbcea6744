with

sessions as (

    select * from {{ ref('int_sessions_sourced') }}

),

identities as (

    select * from {{ ref('int_identities_stitched') }}

),

signed_in as (

    select
        sessions.*,
        identities.customer_id as known_customer_id
    from sessions
    left join identities
        on sessions.anonymous_id = identities.anonymous_id and sessions.customer_id = identities.customer_id

),

-- Who signed in on the browser last before or in the session, and who does first after it.
neighbours as (

    select
        *,
        {{ last_known(
            'known_customer_id', 'partition by anonymous_id order by session_number rows between unbounded preceding and current row'
        ) }} as customer_before,
        {{ last_known(
            'known_customer_id', 'partition by anonymous_id order by session_number desc rows between unbounded preceding and current row'
        ) }} as customer_after
    from signed_in

),

int_sessions_identified as (

    select
        session_id,
        anonymous_id,
        coalesce(customer_before, customer_after) as customer_id,
        case
            when coalesce(customer_before, customer_after) is null then 'visitor:' || anonymous_id
            else 'customer:' || coalesce(customer_before, customer_after)
        end as person_id,
        source,
        medium,
        campaign,
        channel,
        last_non_direct_source,
        last_non_direct_medium,
        last_non_direct_campaign,
        last_non_direct_channel,
        landing_page,
        exit_page,
        device_type,
        session_number,
        event_count,
        page_view_count,
        product_view_count,
        add_to_cart_count,
        checkout_start_count,
        purchase_count,
        known_customer_id is not null as is_signed_in,
        cast(started_at as date) as session_date,
        started_at,
        ended_at
    from neighbours

)

select * from int_sessions_identified
