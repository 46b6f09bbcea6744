-- depends_on: {{ ref('orders') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'orders') }}

),

cleaned as (

    select
        {{ clean_text('order_id') }} as order_id,
        {{ clean_text('customer_id') }} as customer_id,
        {{ clean_text('store_id') }} as store_id,
        lower({{ clean_text('order_status') }}) as order_status,
        upper({{ clean_text('currency_code') }}) as currency_code,
        {{ clean_text('shipping_amount') }} as shipping_amount_text,
        {{ clean_text('coupon_code') }} as coupon_code,
        {{ clean_text('ordered_at') }} as ordered_at_text,
        {{ clean_text('updated_at') }} as updated_at_text,
        {{ json_record([
            'order_id', 'customer_id', 'store_id', 'order_status', 'currency_code', 'shipping_amount',
            'coupon_code', 'ordered_at', 'updated_at',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_decimal('shipping_amount_text') }} as shipping_amount,
        {{ parse_timestamp('ordered_at_text') }} as ordered_at,
        {{ parse_timestamp('updated_at_text') }} as updated_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('order_id'),
            missing('store_id'),
            missing('order_status'),
            unknown_value('order_status', ['placed', 'shipped', 'completed', 'cancelled']),
            missing('currency_code'),
            invalid('shipping_amount', 'number'),
            breaks('shipping_amount', 'negative_amount', 'shipping_amount < 0'),
            breaks('shipping_amount', 'number_out_of_range', 'shipping_amount >= 1000000000'),
            invalid('ordered_at', 'timestamp'),
            missing('ordered_at'),
            invalid('updated_at', 'timestamp'),
            missing('updated_at'),
        ]) }}
    from typed

),

numbered as (

    select
        *,
        row_number() over (partition by source_record order by source_record) as copy_number
    from judged

),

ranked as (

    select
        *,
        {{ record_status(['order_id'], latest='updated_at') }} as record_status
    from numbered

),

base_shop__orders as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        order_id,
        customer_id,
        store_id,
        order_status,
        currency_code,
        shipping_amount,
        coupon_code,
        ordered_at,
        updated_at
    from ranked

)

select * from base_shop__orders
