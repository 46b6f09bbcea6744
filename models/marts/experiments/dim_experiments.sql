with

experiments as (

    select * from {{ ref('stg_experiments__experiments') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

today as (

    select max(ordered_at) as observed_until_at from orders

),

measured as (

    select
        experiments.*,
        {{ declared_metric('experiments.primary_metric') }} as declared_primary_metric,
        today.observed_until_at,
        case
            when experiments.ended_at < today.observed_until_at then experiments.ended_at
            else today.observed_until_at
        end as measured_until_at
    from experiments
    cross join today

),

-- A day of which only the first instant was measured is none.
closed as (

    select
        *,
        {{ dbt.dateadd('second', -1, 'measured_until_at') }} as last_second_at
    from measured

),

counted as (

    select
        *,
        {{ dbt.datediff('started_at', 'last_second_at', 'day') }}
            as days_between
    from closed

),

dim_experiments as (

    select
        experiment_id,
        experiment_name,
        hypothesis,
        owner,
        unit,
        declared_primary_metric as primary_metric,
        cast(
            case when started_at <= measured_until_at then greatest(days_between + 1, 1) else 0 end as bigint
        ) as day_count,
        cast({{ var('experiment_alpha') }} as double) as significance_level_rate,
        cast({{ var('experiment_power') }} as double) as wanted_power_rate,
        started_at <= observed_until_at
        and coalesce(ended_at > observed_until_at, true) as is_running,
        started_at,
        ended_at,
        measured_until_at,
        observed_until_at
    from counted

)

select * from dim_experiments
