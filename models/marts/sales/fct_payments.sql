with

payments as (

    select * from {{ ref('int_payments_checked') }}
    where rejection_reason is null

),

fct_payments as (

    select
        payment_id,
        order_id,
        customer_id,
        store_id,
        payment_method,
        payment_status,
        {{ usd("case when payment_status = 'captured' then amount_usd else 0 end") }} as paid_usd,
        {{ usd("case when payment_status = 'captured' then 0 else amount_usd end") }} as failed_usd,
        payment_date,
        processed_at
    from payments

)

select * from fct_payments
