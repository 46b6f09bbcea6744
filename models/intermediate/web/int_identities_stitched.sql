with

events as (

    select * from {{ ref('int_events_sessionized') }}
    where customer_id is not null and crawler_kind is null

),

customers as (

    select customer_id from {{ ref('stg_shop__customers') }}
    union
    select customer_id from {{ ref('int_orders_sequenced') }}

),

pairs as (

    select
        events.anonymous_id,
        events.customer_id,
        min(events.event_at) as first_signed_in_at,
        max(events.event_at) as last_signed_in_at
    from events
    inner join customers on events.customer_id = customers.customer_id
    group by events.anonymous_id, events.customer_id

),

int_identities_stitched as (

    select
        {{ surrogate_key(['anonymous_id', 'customer_id']) }} as identity_key,
        anonymous_id,
        customer_id,
        count(*) over (partition by anonymous_id) as customer_count,
        row_number() over (partition by anonymous_id order by last_signed_in_at, customer_id) as identity_number,
        first_signed_in_at,
        last_signed_in_at
    from pairs

)

select * from int_identities_stitched
