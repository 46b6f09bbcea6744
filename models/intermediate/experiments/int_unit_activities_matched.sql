{%- set window_days = metric_windows() | reject('none') | list + [0] %}
with

experiments as (

    select * from {{ ref('dim_experiments') }}

),

assignments as (

    select * from {{ ref('fct_experiment_assignments') }}
    where not is_excluded

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

conversions as (

    select * from {{ ref('int_conversions_matched') }}

),

orders as (

    select * from {{ ref('fct_orders') }}
    where is_sale

),

-- No window, before or after the assignment, is longer than the experiment or the longest that is declared.
units as (

    select
        assignments.experiment_id,
        assignments.unit_id,
        experiments.unit,
        assignments.assigned_at,
        greatest(
            {{ seconds_between('experiments.started_at', 'experiments.measured_until_at') }},
            {{ window_days | max * 86400 }}e0
        ) as longest_seconds
    from assignments
    inner join experiments on assignments.experiment_id = experiments.experiment_id

),

visits as (

    select
        units.experiment_id,
        units.unit_id,
        sessions.session_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        units.assigned_at,
        units.longest_seconds,
        1 as session_count,
        0 as order_count,
        {{ usd('0') }} as sales_usd,
        {{ usd('0') }} as refund_usd,
        {{ usd('0') }} as net_sales_usd,
        case
            when sessions.started_at < units.assigned_at and sessions.ended_at >= units.assigned_at
                then units.assigned_at
            else sessions.started_at
        end as happened_at
    from units
    inner join sessions on units.unit_id = sessions.anonymous_id
    where units.unit = 'anonymous_id'

),

purchases as (

    select
        sessions.anonymous_id as unit_id,
        'anonymous_id' as unit,
        conversions.order_id,
        conversions.converted_at as happened_at
    from conversions
    inner join sessions on conversions.session_id = sessions.session_id
    union all
    select
        customer_id as unit_id,
        'customer_id' as unit,
        order_id,
        ordered_at as happened_at
    from orders
    where customer_id is not null

),

bought as (

    select
        units.experiment_id,
        units.unit_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        orders.order_id,
        units.assigned_at,
        units.longest_seconds,
        0 as session_count,
        1 as order_count,
        orders.sales_usd,
        orders.refund_usd,
        orders.net_sales_usd,
        purchases.happened_at
    from units
    inner join purchases on units.unit_id = purchases.unit_id and units.unit = purchases.unit
    inner join orders on purchases.order_id = orders.order_id

),

activities as (

    select * from visits
    union all
    select * from bought

),

timed as (

    select
        *,
        {{ seconds_between('assigned_at', 'happened_at') }} as seconds_since_assignment
    from activities

),

int_unit_activities_matched as (

    select
        {{ surrogate_key(['experiment_id', 'session_id', 'order_id']) }} as activity_key,
        experiment_id,
        unit_id,
        session_id,
        order_id,
        session_count,
        order_count,
        sales_usd,
        refund_usd,
        net_sales_usd,
        seconds_since_assignment,
        happened_at
    from timed
    where seconds_since_assignment between -longest_seconds and longest_seconds

)

select * from int_unit_activities_matched
