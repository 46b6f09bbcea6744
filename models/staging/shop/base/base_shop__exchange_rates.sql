-- depends_on: {{ ref('exchange_rates') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'exchange_rates') }}

),

cleaned as (

    select
        {{ clean_text('rate_date') }} as rate_date_text,
        upper({{ clean_text('currency_code') }}) as currency_code,
        {{ clean_text('usd_per_unit') }} as usd_per_unit_text,
        {{ json_record(['rate_date', 'currency_code', 'usd_per_unit']) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_date('rate_date_text') }} as rate_date,
        {{ parse_decimal('usd_per_unit_text', 18, 8) }} as usd_per_unit
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            invalid('rate_date', 'date'),
            missing('rate_date'),
            missing('currency_code'),
            invalid('usd_per_unit', 'number'),
            missing('usd_per_unit'),
            breaks('usd_per_unit', 'negative_amount', 'usd_per_unit <= 0'),
            breaks('usd_per_unit', 'number_out_of_range', 'usd_per_unit >= 10'),
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
        {{ record_status(['rate_date', 'currency_code']) }} as record_status
    from numbered

),

base_shop__exchange_rates as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        rate_date,
        currency_code,
        usd_per_unit
    from ranked

)

select * from base_shop__exchange_rates
