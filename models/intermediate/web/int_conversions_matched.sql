with

purchases as (

    select * from {{ ref('int_events_sessionized') }}
    where event_name = 'purchase' and order_id is not null and crawler_kind is null

),

sessions as (

    select * from {{ ref('int_sessions_identified') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}
    where is_sale

),

first_purchases as (

    select
        *,
        row_number() over (partition by order_id order by event_at, event_id) as purchase_number
    from purchases

),

int_conversions_matched as (

    select
        first_purchases.order_id,
        first_purchases.session_id,
        sessions.person_id,
        orders.customer_id,
        row_number() over (
            partition by first_purchases.session_id order by first_purchases.event_number
        ) as order_number,
        coalesce(orders.customer_order_number = 1, false) as is_first_order,
        cast(first_purchases.event_at as date) as conversion_date,
        first_purchases.event_at as converted_at
    from first_purchases
    inner join orders on first_purchases.order_id = orders.order_id
    inner join sessions on first_purchases.session_id = sessions.session_id
    where first_purchases.purchase_number = 1

)

select * from int_conversions_matched
