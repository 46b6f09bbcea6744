{{ config(pre_hook="{{ forget_changed(
    'anonymous_id',
    fresh=keys_hashed(
        ref('int_sessions_summarized') ~ ' where crawler_kind is null',
        'anonymous_id',
        hash='record_hash_sum + ' ~ table_hash(ref('traffic_sources'), ['traffic_source', 'source_category', 'search_engine'])
    ),
    hash='made_of_hash'
) }}") }}
{%- set sites_hash = table_hash(ref('traffic_sources'), ['traffic_source', 'source_category', 'search_engine']) %}
with

sessions as (

    select
        *,
        record_hash_sum + {{ sites_hash }} as made_of_hash
    from {{ ref('int_sessions_summarized') }}
    where crawler_kind is null

),

missing as (

    select * from sessions
    {{ only_missing('anonymous_id') }}

),

traffic_sources as (

    select * from {{ ref('traffic_sources') }}

),

-- Engines of several hosts have one in nearly each country, `google.de` beside `google.com`, and not all are listed.
international_engines as (

    select search_engine
    from traffic_sources
    where search_engine is not null
    group by search_engine
    having count(*) > 2

),

referrers as (

    select
        missing.*,
        coalesce(sites.search_engine, international_engines.search_engine, missing.referrer_host) as referrer_source,
        case
            when international_engines.search_engine is not null then 'search'
            else sites.source_category
        end as referrer_category
    from missing
    left join traffic_sources as sites on missing.referrer_host = sites.traffic_source
    left join international_engines
        on
            sites.traffic_source is null
            and {{ dbt.split_part('missing.referrer_host', "'.'", 1) }} = international_engines.search_engine
            and {{ matches('missing.referrer_host', '^[a-z]+[.](com|com?[.][a-z][a-z]|[a-z][a-z])$') }}

),

named as (

    select
        *,
        case
            when coalesce(utm_source, utm_medium, utm_campaign) is not null then coalesce(utm_source, '(not set)')
            else coalesce(referrer_source, '(direct)')
        end as source,
        case
            when coalesce(utm_source, utm_medium, utm_campaign) is not null then coalesce(utm_medium, '(not set)')
            when referrer_category = 'search' then 'organic'
            when referrer_source is not null then 'referral'
            else '(none)'
        end as medium
    from referrers

),

grouped as (

    select
        named.*,
        {{ channel_group(
            'named.source', 'named.medium', 'named.utm_campaign', 'traffic_sources.source_category'
        ) }} as channel
    from named
    left join traffic_sources on named.source = traffic_sources.traffic_source

),

numbered as (

    select
        *,
        sum(case when channel <> 'Direct' then 1 else 0 end)
            over (partition by anonymous_id order by session_number rows between unbounded preceding and current row)
            as source_number
    from grouped

),

-- Sessions of the same number follow one that was not direct (0: none), up to the next; this is what it was.
followed as (

    select
        *,
        max(case when channel <> 'Direct' then source end)
            over (partition by anonymous_id, source_number) as followed_source,
        max(case when channel <> 'Direct' then medium end)
            over (partition by anonymous_id, source_number) as followed_medium,
        max(case when channel <> 'Direct' then utm_campaign end)
            over (partition by anonymous_id, source_number) as followed_utm_campaign,
        max(case when channel <> 'Direct' then channel end)
            over (partition by anonymous_id, source_number) as followed_channel,
        max(case when channel <> 'Direct' then started_at end)
            over (partition by anonymous_id, source_number) as followed_started_at
    from numbered

),

judged as (

    select
        *,
        coalesce(
            started_at <= {{ dbt.dateadd('day', var('last_non_direct_days'), 'followed_started_at') }}, false
        ) as is_following
    from followed

),

int_sessions_sourced as (

    select
        session_id,
        anonymous_id,
        customer_id,
        source,
        medium,
        utm_campaign as campaign,
        channel,
        case when is_following then followed_source else source end as last_non_direct_source,
        case when is_following then followed_medium else medium end as last_non_direct_medium,
        case when is_following then followed_utm_campaign else utm_campaign end as last_non_direct_campaign,
        case when is_following then followed_channel else channel end as last_non_direct_channel,
        landing_page,
        exit_page,
        coalesce(device_type, 'unknown') as device_type,
        session_number,
        event_count,
        page_view_count,
        product_view_count,
        add_to_cart_count,
        checkout_start_count,
        purchase_count,
        made_of_hash,
        started_at,
        ended_at
    from judged

)

select * from int_sessions_sourced
