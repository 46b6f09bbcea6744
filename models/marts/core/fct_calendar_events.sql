with

occasions as (

    select * from {{ ref('int_occasions_listed') }}

),

judged_days as (

    select * from {{ ref('fct_sales_anomalies') }}

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

unusual as (

    select
        'sales_anomaly' as event_kind,
        anomaly_name as event_name,
        'fct_sales_anomalies' as source_model,
        cast(sale_date as {{ dbt.type_string() }}) as source_id,
        cast(null as {{ dbt.type_string() }}) as country_name,
        cast(null as {{ dbt.type_string() }}) as region,
        sale_date as first_date,
        sale_date as last_date
    from judged_days
    where is_anomaly

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

    select * from occasions
    union all
    select * from unusual
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
