with

orders as (

    select * from {{ ref('fct_orders') }}

),

stores as (

    select * from {{ ref('dim_stores') }}

),

conversions as (

    select * from {{ ref('int_conversions_matched') }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

dim_order_channels as (

    select
        orders.order_id,
        sessions.session_id,
        case
            when sessions.session_id is not null then sessions.channel
            when stores.store_type = 'retail' then 'In store'
            else 'Not tracked'
        end as channel
    from orders
    left join stores on orders.store_id = stores.store_id
    left join conversions on orders.order_id = conversions.order_id
    left join sessions on conversions.session_id = sessions.session_id

)

select * from dim_order_channels
