{#- A coupon that nobody used for so many days begins anew, and one in use for more of them is no promotion. -#}
{%- set promotion_days = 31 -%}
{%- set promotion_orders = 10 -%}

with

holidays as (

    select * from {{ ref('holidays') }}

),

countries as (

    select * from {{ ref('countries') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

{%- if has_system('experiments') %}

experiments as (

    select * from {{ ref('dim_experiments') }}

),
{%- endif %}

{%- if has_system('web') %}

device_days as (

    select * from {{ ref('fct_tracking_quality') }}

),
{%- endif %}

sold_to as (

    select distinct country_code
    from orders

),

observed as (

    select
        'holiday' as event_kind,
        holidays.holiday_name as event_name,
        'holidays' as source_model,
        holidays.country_code as source_id,
        countries.country_name,
        countries.region,
        holidays.holiday_date as first_date,
        holidays.holiday_date as last_date
    from holidays
    inner join sold_to on holidays.country_code = sold_to.country_code
    inner join countries on holidays.country_code = countries.country_code

),

coupon_days as (

    select
        coupon_code,
        order_date,
        count(*) as order_count,
        lag(order_date) over (partition by coupon_code order by order_date) as earlier_date
    from orders
    where coupon_code is not null
    group by coupon_code, order_date

),

coupon_runs as (

    select
        coupon_code,
        order_date,
        order_count,
        sum(
            case
                when {{ dbt.datediff('earlier_date', 'order_date', 'day') }}
                    <= {{ promotion_days }}
                    then 0
                else 1
            end
        ) over (
            partition by coupon_code order by order_date
            rows between unbounded preceding and current row
        ) as run_number
    from coupon_days

),

coupon_spans as (

    select
        coupon_code,
        sum(order_count) as order_count,
        min(order_date) as first_date,
        max(order_date) as last_date
    from coupon_runs
    group by coupon_code, run_number

),

promoted as (

    select
        'promotion' as event_kind,
        coupon_code as event_name,
        'fct_orders' as source_model,
        coupon_code as source_id,
        cast(null as {{ dbt.type_string() }}) as country_name,
        cast(null as {{ dbt.type_string() }}) as region,
        first_date,
        last_date
    from coupon_spans
    where
        order_count >= {{ promotion_orders }}
        and {{ dbt.datediff('first_date', 'last_date', 'day') }}
        < {{ promotion_days }}

),

{%- if has_system('experiments') %}

tried as (

    select
        'experiment' as event_kind,
        experiment_name as event_name,
        'dim_experiments' as source_model,
        experiment_id as source_id,
        cast(null as {{ dbt.type_string() }}) as country_name,
        cast(null as {{ dbt.type_string() }}) as region,
        cast(started_at as date) as first_date,
        cast(ended_at as date) as last_date
    from experiments

),
{%- endif %}

{%- if has_system('web') %}

losses as (

    select
        device_type,
        event_date,
        lag(event_date) over (partition by device_type order by event_date) as earlier_date
    from device_days
    where is_tracking_loss

),

loss_runs as (

    select
        device_type,
        event_date,
        sum(
            case
                when {{ dbt.datediff('earlier_date', 'event_date', 'day') }}
                    = 1
                    then 0
                else 1
            end
        ) over (
            partition by device_type order by event_date
            rows between unbounded preceding and current row
        ) as run_number
    from losses

),

lost as (

    select
        'tracking_loss' as event_kind,
        device_type as event_name,
        'fct_tracking_quality' as source_model,
        device_type as source_id,
        cast(null as {{ dbt.type_string() }}) as country_name,
        cast(null as {{ dbt.type_string() }}) as region,
        min(event_date) as first_date,
        max(event_date) as last_date
    from loss_runs
    group by device_type, run_number

),
{%- endif %}

gathered as (

    select * from observed
    union all
    select * from promoted
    {%- if has_system('experiments') %}
    union all
    select * from tried
    {%- endif %}
    {%- if has_system('web') %}
    union all
    select * from lost
    {%- endif %}

),

fct_calendar_events as (

    select
        {{ surrogate_key(['event_kind', 'event_name', 'source_id', 'first_date']) }} as calendar_event_key,
        source_id,
        event_kind,
        event_name,
        source_model,
        country_name,
        region,
        first_date,
        last_date
    from gathered

)

select * from fct_calendar_events
