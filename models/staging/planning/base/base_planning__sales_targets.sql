-- depends_on: {{ ref('sales_targets') if not raw_path() }}
with

source as (

    select * from {{ source('planning', 'sales_targets') }}

),

cleaned as (

    select
        {{ clean_text('target_month') }} as target_month_text,
        {{ clean_text('category') }} as category,
        {{ clean_text('target_net_sales_usd') }} as target_net_sales_usd_text,
        {{ json_record(['target_month', 'category', 'target_net_sales_usd']) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_date('target_month_text') }} as target_month,
        {{ parse_decimal('target_net_sales_usd_text') }} as target_net_sales_usd
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            invalid('target_month', 'date'),
            missing('target_month'),
            breaks('target_month', 'not_first_of_month', 'extract(day from target_month) <> 1'),
            missing('category'),
            invalid('target_net_sales_usd', 'number'),
            missing('target_net_sales_usd'),
            breaks('target_net_sales_usd', 'negative_amount', 'target_net_sales_usd < 0'),
            breaks('target_net_sales_usd', 'number_out_of_range', 'target_net_sales_usd >= 1000000000'),
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
        {{ record_status(['target_month', 'category']) }} as record_status
    from numbered

),

base_planning__sales_targets as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        target_month,
        category,
        target_net_sales_usd
    from ranked

)

select * from base_planning__sales_targets
