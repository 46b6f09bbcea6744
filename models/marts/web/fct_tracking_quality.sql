{%- set counts = [
    'event_count', 'crawler_event_count', 'rejected_event_count', 'late_event_count', 'clock_corrected_event_count',
    'missing_device_event_count', 'missing_page_event_count', 'missing_product_event_count', 'unknown_product_event_count',
    'missing_order_event_count', 'unknown_order_event_count',
] -%}
with

checked as (

    select * from {{ ref('int_events_checked') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

-- The day on which the latest event arrived may still be going on.
arrivals as (

    select max(cast(received_at as date)) as latest_date from {{ ref('stg_web__events') }}

),

-- A device that sends nothing has a row all the same, from its first day to the last day of any.
devices as (

    select
        device_type,
        min(event_date) as first_date
    from checked
    group by device_type

),

bounds as (

    select max(event_date) as last_date from checked

),

device_days as (

    select
        dates.date_day as event_date,
        {%- for count in counts %}
        coalesce(checked.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        devices.device_type
    from devices
    cross join bounds
    inner join dates on devices.first_date <= dates.date_day and bounds.last_date >= dates.date_day
    left join checked
        on dates.date_day = checked.event_date and devices.device_type = checked.device_type

),

usual as (

    select
        device_days.event_date,
        device_days.device_type,
        cast(round(median(earlier.event_count)) as bigint) as usual_event_count
    from device_days
    inner join device_days as earlier
        on
            device_days.device_type = earlier.device_type
            and device_days.event_date > earlier.event_date
            and {{ dbt.dateadd('day', -28, 'device_days.event_date') }} <= earlier.event_date
    group by device_days.event_date, device_days.device_type
    having count(*) >= 14

),

fct_tracking_quality as (

    select
        {{ surrogate_key(['device_days.event_date', 'device_days.device_type']) }} as tracking_quality_key,
        device_days.device_type,
        {%- for count in counts %}
        cast(device_days.{{ count }} as bigint) as {{ count }},
        {%- endfor %}
        usual.usual_event_count,
        device_days.event_count * 1.0e0 / nullif(usual.usual_event_count, 0) as volume_rate,
        device_days.event_date < arrivals.latest_date as is_complete,
        coalesce(
            device_days.event_date < arrivals.latest_date
            and (
                (
                    usual.usual_event_count >= {{ var('tracking_loss_usual_count') }}
                    and device_days.event_count < usual.usual_event_count * {{ var('tracking_loss_rate') }}
                )
                or (
                    usual.usual_event_count >= {{ var('tracking_silence_usual_count') }}
                    and device_days.event_count = 0
                )
            ),
            false
        ) as is_tracking_loss,
        device_days.event_date
    from device_days
    cross join arrivals
    left join usual
        on device_days.event_date = usual.event_date and device_days.device_type = usual.device_type

)

select * from fct_tracking_quality
