-- depends_on: {{ ref('stores') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'stores') }}

),

cleaned as (

    select
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('store_name') }} as store_name,
        lower({{ clean_text('store_type') }}) as store_type,
        upper({{ clean_text('country_code') }}) as country_code,
        {{ clean_text('city') }} as city,
        {{ clean_text('opened_on') }} as opened_on_text,
        {{ json_record([
            'store_id', 'store_name', 'store_type', 'country_code', 'city', 'opened_on',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_date('opened_on_text') }} as opened_on
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('store_id'),
            missing('store_name'),
            missing('store_type'),
            unknown_value('store_type', ['online', 'retail']),
            missing('country_code'),
            invalid('opened_on', 'date'),
            missing('opened_on'),
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
        {{ record_status(['store_id']) }} as record_status
    from numbered

),

base_shop__stores as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        store_id,
        store_name,
        store_type,
        country_code,
        city,
        opened_on
    from ranked

)

select * from base_shop__stores
