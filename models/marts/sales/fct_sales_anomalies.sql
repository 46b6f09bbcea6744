{#- What is usual: the same weekday of so many weeks on both sides; how far days stray: so many days on both sides. -#}
{%- set weeks, least_weeks = 4, 4 -%}
{%- set nearby_days, least_days = 91, 28 -%}
{%- set weekday_names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] -%}
{%- set times = 'cast(cast(usual_rate as decimal(18, 1)) as ' ~ dbt.type_string() ~ ')' -%}
with

daily_sales as (

    select * from {{ ref('fct_daily_sales') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

calendar_events as (

    select * from {{ ref('fct_calendar_events') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

booked as (

    select
        sale_date,
        sum(net_sales_usd) as net_sales_usd
    from daily_sales
    group by sale_date

),

bounds as (

    select
        min(sale_date) as first_date,
        max(sale_date) as last_date
    from booked

),

-- The day of the latest news of any order may still be going on.
updates as (

    select max(cast(updated_at as date)) as latest_date from orders

),

explained_days as (

    select
        dates.date_day,
        {{ dbt.bool_or("calendar_events.event_kind = 'holiday'") }} as is_holiday,
        {{ dbt.bool_or("calendar_events.event_kind = 'promotion'") }} as is_promotion
    from dates
    inner join calendar_events
        on
            dates.date_day >= calendar_events.first_date
            and dates.date_day <= calendar_events.last_date
            and calendar_events.event_kind in ('holiday', 'promotion')
    group by dates.date_day

),

days as (

    select
        dates.date_day,
        dates.day_of_week,
        coalesce(booked.net_sales_usd, 0) as net_sales_usd,
        coalesce(explained_days.is_holiday, false) as is_holiday,
        coalesce(explained_days.is_promotion, false) as is_promotion,
        bounds.first_date < dates.date_day and dates.date_day < updates.latest_date as is_complete
    from bounds
    cross join updates
    inner join dates on bounds.first_date <= dates.date_day and bounds.last_date >= dates.date_day
    left join booked on dates.date_day = booked.sale_date
    left join explained_days on dates.date_day = explained_days.date_day

),

weekdays as (

    {{ robust_z_scores(
        'days', 'net_sales_usd', 'date_day', every_days=7,
        lookback_count=weeks, lookahead_count=weeks, least_count=least_weeks,
        can_judge='is_complete and not is_holiday and not is_promotion'
    ) }}

),

usual as (

    select
        days.*,
        weekdays.history_count as usual_day_count,
        case
            when weekdays.history_count >= {{ least_weeks }} and weekdays.history_median > 0
                then weekdays.history_median
        end as usual_net_sales_usd
    from days
    inner join weekdays on days.date_day = weekdays.date_day

),

-- Net sales are sums of few or many orders: their square roots stray as far on strong days as on weak ones.
shifts as (

    select
        *,
        {{ signed_root('net_sales_usd') }} - {{ signed_root('usual_net_sales_usd') }} as root_shift
    from usual

),

judged as (

    {{ robust_z_scores(
        'shifts', 'root_shift', 'date_day', every_days=1,
        lookback_count=nearby_days, lookahead_count=nearby_days, least_count=least_days,
        can_judge='is_complete and not is_holiday and not is_promotion'
    ) }}

),

rated as (

    select
        shifts.*,
        shifts.net_sales_usd * 1.0e0 / shifts.usual_net_sales_usd as usual_rate,
        case when shifts.is_complete then judged.robust_z end as robust_z
    from shifts
    inner join judged on shifts.date_day = judged.date_day

),

marked as (

    select
        *,
        coalesce(
            abs(robust_z) > {{ var('sales_anomaly_z') }}
            and abs(usual_rate - 1) >= {{ var('sales_anomaly_change') }}
            and not is_holiday
            and not (is_promotion and robust_z > 0),
            false
        ) as is_anomaly
    from rated

),

fct_sales_anomalies as (

    select
        case
            when is_anomaly
                then
                    case
                        when net_sales_usd < 0 then 'More refunded than sold on a '
                        when net_sales_usd = 0 then 'No net sales on a '
                        when usual_rate < 1
                            then 'Net sales ' || {{ percent_text('usual_rate') }} || ' of what is usual on a '
                        else 'Net sales ' || {{ times }} || ' times what is usual on a '
                    end
                    || case day_of_week
                        {%- for weekday in weekday_names %}
                        when {{ loop.index }} then '{{ weekday }}'
                        {%- endfor %}
                    end
        end as anomaly_name,
        {{ usd('net_sales_usd') }} as net_sales_usd,
        {{ usd('usual_net_sales_usd') }} as usual_net_sales_usd,
        cast(usual_day_count as bigint) as usual_day_count,
        usual_rate,
        robust_z,
        is_complete,
        is_holiday,
        is_promotion,
        is_anomaly,
        date_day
    from marked

)

select * from fct_sales_anomalies
