-- depends_on: {{ ref('events') if not raw_path() }}
{%- set delivered = [
    'event_id', 'anonymous_id', 'customer_id', 'event_name', 'event_at', 'received_at', 'page_path', 'referrer',
    'utm_source', 'utm_medium', 'utm_campaign', 'device_type', 'user_agent', 'product_id', 'order_id',
] -%}
{%- set carried = [
    'rejected_column', 'rejection_reason', 'source_record', 'event_id', 'anonymous_id', 'customer_id', 'event_name',
    'page_path', 'referrer', 'utm_source', 'utm_medium', 'utm_campaign', 'device_type', 'user_agent', 'product_id',
    'order_id', 'is_clock_corrected', 'event_at', 'corrected_event_at', 'received_at', 'delivery_day',
] -%}
{{ config(pre_hook="{{ forget_changed_deliveries(source('web', 'events'), " ~ delivered ~ ", id='event_id') }}") }}
with

source as (

    select
        *,
        {{ delivery_day() }} as delivery_day
    from {{ source('web', 'events') }}

),

missing as (

    select
        *,
        {{ row_hash(delivered) }} as record_hash
    from source
    {{ only_missing('delivery_day') }}

),

cleaned as (

    select
        {{ clean_text('event_id') }} as event_id,
        {{ clean_text('anonymous_id') }} as anonymous_id,
        {{ clean_text('customer_id') }} as customer_id,
        lower({{ clean_text('event_name') }}) as event_name,
        nullif({{ dbt.split_part(dbt.split_part(clean_text('page_path'), "'?'", 1), "'#'", 1) }}, '') as page_path,
        {{ clean_text('referrer') }} as referrer,
        lower({{ clean_text('utm_source') }}) as utm_source,
        lower({{ clean_text('utm_medium') }}) as utm_medium,
        lower({{ clean_text('utm_campaign') }}) as utm_campaign,
        lower({{ clean_text('device_type') }}) as device_type,
        {{ clean_text('user_agent') }} as user_agent,
        {{ clean_text('product_id') }} as product_id,
        {{ clean_text('order_id') }} as order_id,
        {{ clean_text('event_at') }} as event_at_text,
        {{ clean_text('received_at') }} as received_at_text,
        {%- for column in delivered %}
        {{ column }} as delivered_{{ column }},
        {%- endfor %}
        delivery_day,
        record_hash
    from missing

),

typed as (

    select
        *,
        {{ parse_timestamp('event_at_text') }} as event_at,
        {{ parse_timestamp('received_at_text') }} as received_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('event_id'),
            missing('anonymous_id'),
            missing('event_name'),
            unknown_value('event_name', ['page_view', 'product_view', 'add_to_cart', 'checkout_start', 'purchase']),
            invalid('event_at', 'timestamp'),
            missing('event_at'),
            invalid('received_at', 'timestamp'),
            missing('received_at'),
            breaks('event_at', 'clock_skew_out_of_range', 'event_at > ' ~ dbt.dateadd('hour', var('event_hours_ahead'), 'received_at')),
            breaks('event_at', 'clock_skew_out_of_range', 'event_at < ' ~ dbt.dateadd('day', - var('event_days_late'), 'received_at')),
        ]) }}
    from typed

),

-- What a device sends at once comes from one clock: set back, its last event happened as it arrived.
batches as (

    select
        *,
        max(case when rejection_reason is null then event_at end)
            over (partition by anonymous_id, received_at) as batch_ended_at
    from judged

),

numbered as (

    select
        *,
        coalesce(batch_ended_at > {{ dbt.dateadd('second', 60, 'received_at') }}, false) as is_clock_corrected,
        row_number() over (partition by delivery_day, record_hash order by record_hash) as copy_number
    from batches

),

keyed as (

    select
        *,
        {{ surrogate_key(['delivery_day', 'record_hash', 'copy_number']) }} as record_key,
        case
            when rejection_reason is not null then {{ json_record(delivered, prefix='delivered_') }}
        end as source_record,
        case
            when is_clock_corrected then event_at - (batch_ended_at - received_at)
            else event_at
        end as corrected_event_at
    from numbered

),

-- The copies of an event that are in the table already compete with those that are added, but are not added again.
competing as (

    select
        record_key,
        {%- for column in carried %}
        {{ column }},
        {%- endfor %}
        record_hash,
        true as is_added
    from keyed
    {%- if is_incremental() %}
    union all
    select
        record_key,
        {%- for column in carried %}
        {{ column }},
        {%- endfor %}
        record_hash,
        false as is_added
    from {{ this }}
    where event_id in (select event_id from cleaned)
    {%- endif %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by event_id, rejection_reason is null
            order by received_at, event_at, record_key
        ) as delivery_number
    from competing

),

base_web__events as (

    select
        record_key,
        case
            when rejection_reason is not null then 'rejected'
            when delivery_number = 1 then 'accepted'
            else 'duplicate'
        end as record_status,
        {%- for column in carried %}
        {{ column }},
        {%- endfor %}
        record_hash
    from ranked
    where is_added

)

select * from base_web__events
