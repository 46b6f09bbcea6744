with

checked as (

    select * from {{ ref('int_assignments_checked') }}

),

exposures as (

    select * from checked
    where rejection_reason is null

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

crawlers as (

    select distinct anonymous_id from {{ ref('int_events_sessionized') }}
    where crawler_kind is not null

),

orders as (

    select * from {{ ref('fct_orders') }}
    where is_sale

),

numbered as (

    select
        *,
        row_number() over (partition by experiment_id, unit_id order by assigned_at, variant) as exposure_number
    from exposures

),

-- Who saw another arm before the start has seen two arms, though that exposure is rejected.
counted as (

    select
        experiment_id,
        unit_id,
        sum(case when rejection_reason is null then 1 else 0 end) as exposure_count,
        count(distinct variant) as variant_count
    from checked
    where rejection_reason is null or rejection_reason = 'assignment_before_start'
    group by experiment_id, unit_id

),

assigned as (

    select
        numbered.experiment_id,
        numbered.unit_id,
        numbered.variant,
        numbered.unit,
        numbered.is_control,
        numbered.assigned_at,
        counted.exposure_count,
        counted.variant_count
    from numbered
    inner join counted
        on numbered.experiment_id = counted.experiment_id and numbered.unit_id = counted.unit_id
    where numbered.exposure_number = 1

),

-- Of a visitor's sessions, the first that was not over at the assignment is the one in which it happened.
visits as (

    select
        assigned.experiment_id,
        assigned.unit_id,
        min_by(sessions.device_type, sessions.session_number) as device_type
    from assigned
    inner join sessions
        on assigned.unit_id = sessions.anonymous_id and assigned.assigned_at <= sessions.ended_at
    where assigned.unit = 'anonymous_id'
    group by assigned.experiment_id, assigned.unit_id

),

known as (

    select distinct
        assigned.experiment_id,
        assigned.unit_id
    from assigned
    inner join sessions
        on assigned.unit_id = sessions.anonymous_id and assigned.assigned_at > sessions.ended_at
    where assigned.unit = 'anonymous_id'
    union all
    select distinct
        assigned.experiment_id,
        assigned.unit_id
    from assigned
    inner join orders
        on assigned.unit_id = orders.customer_id and assigned.assigned_at > orders.ordered_at
    where assigned.unit = 'customer_id'

),

described as (

    select
        assigned.*,
        case
            when assigned.unit = 'anonymous_id' then coalesce(visits.device_type, 'unknown')
        end as device_type,
        known.unit_id is null as is_new,
        case
            when assigned.unit = 'anonymous_id' and crawlers.anonymous_id is not null then 'crawler'
            when assigned.variant_count > 1 then 'in_two_arms'
        end as exclusion_reason
    from assigned
    left join visits
        on assigned.experiment_id = visits.experiment_id and assigned.unit_id = visits.unit_id
    left join known
        on assigned.experiment_id = known.experiment_id and assigned.unit_id = known.unit_id
    left join crawlers on assigned.unit_id = crawlers.anonymous_id

),

fct_experiment_assignments as (

    select
        {{ surrogate_key(['experiment_id', 'unit_id']) }} as assignment_key,
        experiment_id,
        unit_id,
        variant,
        device_type,
        exclusion_reason,
        cast(exposure_count as bigint) as exposure_count,
        is_control,
        is_new,
        exclusion_reason is not null as is_excluded,
        cast(assigned_at as date) as assignment_date,
        assigned_at
    from described

)

select * from fct_experiment_assignments
