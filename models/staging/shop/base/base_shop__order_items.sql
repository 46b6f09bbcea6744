-- depends_on: {{ ref('order_items') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'order_items') }}

),

cleaned as (

    select
        {{ clean_text('order_item_id') }} as order_item_id,
        {{ clean_text('order_id') }} as order_id,
        {{ clean_text('product_id') }} as product_id,
        {{ clean_text('quantity') }} as quantity_text,
        {{ clean_text('unit_price') }} as unit_price_text,
        {{ clean_text('discount_amount') }} as discount_amount_text,
        {{ json_record([
            'order_item_id', 'order_id', 'product_id', 'quantity', 'unit_price', 'discount_amount',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_integer('quantity_text') }} as quantity,
        {{ parse_decimal('unit_price_text', 18, 8) }} as unit_price,
        {{ parse_decimal('discount_amount_text') }} as discount_amount
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('order_item_id'),
            missing('order_id'),
            missing('product_id'),
            invalid('quantity', 'number'),
            missing('quantity'),
            breaks('quantity', 'non_positive_quantity', 'quantity <= 0'),
            breaks('quantity', 'number_out_of_range', 'quantity >= 1000000'),
            invalid('unit_price', 'number'),
            missing('unit_price'),
            breaks('unit_price', 'negative_amount', 'unit_price < 0'),
            breaks('unit_price', 'number_out_of_range', 'unit_price >= 1000000000'),
            invalid('discount_amount', 'number'),
            breaks('discount_amount', 'negative_amount', 'discount_amount < 0'),
            breaks('discount_amount', 'number_out_of_range', 'discount_amount >= 1000000000'),
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
        {{ record_status(['order_item_id']) }} as record_status
    from numbered

),

base_shop__order_items as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        order_item_id,
        order_id,
        product_id,
        quantity,
        unit_price,
        discount_amount
    from ranked

)

select * from base_shop__order_items
