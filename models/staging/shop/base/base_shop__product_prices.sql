-- depends_on: {{ ref('product_prices') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'product_prices') }}

),

cleaned as (

    select
        {{ clean_text('product_id') }} as product_id,
        {{ clean_text('effective_at') }} as effective_at_text,
        {{ clean_text('unit_cost') }} as unit_cost_text,
        {{ clean_text('list_price') }} as list_price_text,
        upper({{ clean_text('currency_code') }}) as currency_code,
        {{ json_record(['product_id', 'effective_at', 'unit_cost', 'list_price', 'currency_code']) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_timestamp('effective_at_text') }} as effective_at,
        {{ parse_decimal('unit_cost_text') }} as unit_cost,
        {{ parse_decimal('list_price_text') }} as list_price
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('product_id'),
            invalid('effective_at', 'timestamp'),
            missing('effective_at'),
            invalid('unit_cost', 'number'),
            breaks('unit_cost', 'negative_amount', 'unit_cost < 0'),
            breaks('unit_cost', 'number_out_of_range', 'unit_cost >= 1000000000'),
            invalid('list_price', 'number'),
            missing('list_price'),
            breaks('list_price', 'negative_amount', 'list_price < 0'),
            breaks('list_price', 'number_out_of_range', 'list_price >= 1000000000'),
            missing('currency_code'),
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
        {{ record_status(['product_id', 'effective_at']) }} as record_status
    from numbered

),

base_shop__product_prices as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        product_id,
        effective_at,
        unit_cost,
        list_price,
        currency_code
    from ranked

)

select * from base_shop__product_prices
