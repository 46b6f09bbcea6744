-- depends_on: {{ ref('refunds') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'refunds') }}

),

cleaned as (

    select
        {{ clean_text('refund_id') }} as refund_id,
        {{ clean_text('order_item_id') }} as order_item_id,
        {{ clean_text('quantity') }} as quantity_text,
        {{ clean_text('amount') }} as amount_text,
        {{ clean_text('reason') }} as reason,
        {{ clean_text('refunded_at') }} as refunded_at_text,
        {{ json_record([
            'refund_id', 'order_item_id', 'quantity', 'amount', 'reason', 'refunded_at',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_integer('quantity_text') }} as quantity,
        {{ parse_decimal('amount_text') }} as amount,
        {{ parse_timestamp('refunded_at_text') }} as refunded_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('refund_id'),
            missing('order_item_id'),
            invalid('quantity', 'number'),
            missing('quantity'),
            breaks('quantity', 'non_positive_quantity', 'quantity <= 0'),
            breaks('quantity', 'number_out_of_range', 'quantity >= 1000000'),
            invalid('amount', 'number'),
            missing('amount'),
            breaks('amount', 'negative_amount', 'amount < 0'),
            breaks('amount', 'number_out_of_range', 'amount >= 1000000000'),
            invalid('refunded_at', 'timestamp'),
            missing('refunded_at'),
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
        {{ record_status(['refund_id']) }} as record_status
    from numbered

),

base_shop__refunds as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        refund_id,
        order_item_id,
        quantity,
        amount,
        reason,
        refunded_at
    from ranked

)

select * from base_shop__refunds
