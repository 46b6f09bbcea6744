-- depends_on: {{ ref('payments') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'payments') }}

),

cleaned as (

    select
        {{ clean_text('payment_id') }} as payment_id,
        {{ clean_text('order_id') }} as order_id,
        lower({{ clean_text('payment_method') }}) as payment_method,
        lower({{ clean_text('payment_status') }}) as payment_status,
        {{ clean_text('amount') }} as amount_text,
        {{ clean_text('processed_at') }} as processed_at_text,
        {{ json_record([
            'payment_id', 'order_id', 'payment_method', 'payment_status', 'amount', 'processed_at',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_decimal('amount_text') }} as amount,
        {{ parse_timestamp('processed_at_text') }} as processed_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('payment_id'),
            missing('order_id'),
            missing('payment_method'),
            missing('payment_status'),
            unknown_value('payment_status', ['captured', 'failed']),
            invalid('amount', 'number'),
            missing('amount'),
            breaks('amount', 'negative_amount', 'amount < 0'),
            breaks('amount', 'number_out_of_range', 'amount >= 1000000000'),
            invalid('processed_at', 'timestamp'),
            missing('processed_at'),
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
        {{ record_status(['payment_id']) }} as record_status
    from numbered

),

base_shop__payments as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        payment_id,
        order_id,
        payment_method,
        payment_status,
        amount,
        processed_at
    from ranked

)

select * from base_shop__payments
