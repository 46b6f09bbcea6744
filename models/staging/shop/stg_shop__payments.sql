with

base as (

    select * from {{ ref('base_shop__payments') }}

),

stg_shop__payments as (

    select
        record_key,
        payment_id,
        order_id,
        payment_method,
        payment_status,
        amount,
        processed_at
    from base
    where record_status = 'accepted'

)

select * from stg_shop__payments
