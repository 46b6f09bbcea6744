-- depends_on: {{ ref('ad_spend') if not raw_path() }}
with

source as (

    select * from {{ source('ads', 'ad_spend') }}

),

cleaned as (

    select
        {{ clean_text('spend_date') }} as spend_date_text,
        lower({{ clean_text('channel') }}) as channel,
        {{ clean_text('campaign') }} as campaign,
        {{ clean_text('impressions') }} as impressions_text,
        {{ clean_text('clicks') }} as clicks_text,
        {{ clean_text('cost') }} as cost_text,
        upper({{ clean_text('currency_code') }}) as currency_code,
        {{ json_record([
            'spend_date', 'channel', 'campaign', 'impressions', 'clicks', 'cost', 'currency_code',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_date('spend_date_text') }} as spend_date,
        {{ parse_integer('impressions_text') }} as impressions,
        {{ parse_integer('clicks_text') }} as clicks,
        {{ parse_decimal('cost_text') }} as cost
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            invalid('spend_date', 'date'),
            missing('spend_date'),
            missing('channel'),
            missing('campaign'),
            invalid('impressions', 'number'),
            missing('impressions'),
            breaks('impressions', 'negative_amount', 'impressions < 0'),
            breaks('impressions', 'number_out_of_range', 'impressions >= 1000000000'),
            invalid('clicks', 'number'),
            missing('clicks'),
            breaks('clicks', 'negative_amount', 'clicks < 0'),
            breaks('clicks', 'number_out_of_range', 'clicks >= 1000000000'),
            invalid('cost', 'number'),
            missing('cost'),
            breaks('cost', 'negative_amount', 'cost < 0'),
            breaks('cost', 'number_out_of_range', 'cost >= 1000000000'),
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
        {{ record_status(['spend_date', 'channel', 'campaign']) }} as record_status
    from numbered

),

base_ads__ad_spend as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        spend_date,
        channel,
        campaign,
        impressions,
        clicks,
        cost,
        currency_code
    from ranked

)

select * from base_ads__ad_spend
