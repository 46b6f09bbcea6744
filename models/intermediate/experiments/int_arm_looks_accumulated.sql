{%- set sums = ['session_count', 'order_count', 'sales_usd', 'refund_usd', 'net_sales_usd'] %}
{%- set open_metrics = experiment_metrics() | selectattr('window_days', 'none') | list %}
{%- set windowed = experiment_metrics() | rejectattr('window_days', 'none') | map(attribute='name') | list %}
with

experiments as (

    select
        *,
        case
            when started_at = {{ dbt.date_trunc('day', 'started_at') }} then cast(started_at as date)
            else cast({{ dbt.dateadd('day', 1, 'started_at') }} as date)
        end as first_date
    from {{ ref('dim_experiments') }}

),

assignments as (

    select * from {{ ref('fct_experiment_assignments') }}
    where not is_excluded

),

activities as (

    select * from {{ ref('int_unit_activities_matched') }}

),

unit_values as (

    select * from {{ ref('int_unit_values_measured') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

-- The means of all units: sums of squares around them do not cancel.
centres as (

    select
        experiment_id,
        metric,
        max(numerator_limit) as numerator_limit,
        avg(numerator) as numerator_centre,
        avg(denominator) as denominator_centre,
        max(entry_date) as last_entry_date
    from unit_values
    group by experiment_id, metric

),

-- A unit's row for the day of its assignment, on which it enters with nothing, and those of what it did.
movements as (

    select
        experiment_id,
        unit_id,
        {%- for sum in sums %}
        0 as {{ sum }},
        {%- endfor %}
        assignment_date as activity_date
    from assignments
    union all
    select
        activities.experiment_id,
        activities.unit_id,
        {%- for sum in sums %}
        activities.{{ sum }},
        {%- endfor %}
        cast(activities.happened_at as date) as activity_date
    from activities
    inner join experiments on activities.experiment_id = experiments.experiment_id
    where activities.seconds_since_assignment >= 0 and activities.happened_at <= experiments.measured_until_at

),

unit_days as (

    select
        experiment_id,
        unit_id,
        {%- for sum in sums %}
        sum({{ sum }}) as {{ sum }},
        {%- endfor %}
        activity_date
    from movements
    group by experiment_id, unit_id, activity_date

),

so_far as (

    select
        experiment_id,
        unit_id,
        {%- for sum in sums %}
        sum({{ sum }}) over (
            partition by experiment_id, unit_id
            order by activity_date
            rows between unbounded preceding and current row
        ) as so_far_{{ sum }},
        {%- endfor %}
        activity_date
    from unit_days

),

valued as (

    {%- for metric in open_metrics %}
    select
        so_far.experiment_id,
        so_far.unit_id,
        centres.metric,
        {{ unit_measure(metric.numerator, 'so_far.so_far') }} as numerator,
        {{ unit_measure(metric.denominator, 'so_far.so_far') }} as denominator,
        so_far.activity_date as value_date
    from so_far
    inner join centres on so_far.experiment_id = centres.experiment_id and centres.metric = '{{ metric.name }}'
    union all
    {%- endfor %}
    -- Where a metric has a conversion window, a unit enters when it is over, with its last value.
    select
        experiment_id,
        unit_id,
        metric,
        numerator,
        denominator,
        entry_date as value_date
    from unit_values
    where metric in ('{{ windowed | join("', '") }}')

),

centred as (

    select
        valued.experiment_id,
        valued.unit_id,
        valued.metric,
        assignments.variant,
        case
            when valued.numerator > centres.numerator_limit then centres.numerator_limit
            else valued.numerator
        end - centres.numerator_centre as numerator,
        valued.denominator - centres.denominator_centre as denominator,
        case when valued.denominator <> 0e0 then 1 else 0 end as acting_count,
        case
            when valued.value_date < experiments.first_date then experiments.first_date
            else valued.value_date
        end as look_date,
        valued.value_date
    from valued
    inner join centres on valued.experiment_id = centres.experiment_id and valued.metric = centres.metric
    inner join assignments on valued.experiment_id = assignments.experiment_id and valued.unit_id = assignments.unit_id
    inner join experiments on valued.experiment_id = experiments.experiment_id

),

stepped as (

    select
        *,
        lag(numerator) over (partition by experiment_id, metric, unit_id order by value_date) as earlier_numerator,
        lag(denominator) over (partition by experiment_id, metric, unit_id order by value_date) as earlier_denominator,
        lag(acting_count) over (partition by experiment_id, metric, unit_id order by value_date) as earlier_acting_count
    from centred

),

-- What a day adds to each arm's units and sums of values, squares and products: of each unit, the new less the old.
steps as (

    select
        experiment_id,
        metric,
        variant,
        look_date,
        sum(case when earlier_numerator is null then 1 else 0 end) as unit_count,
        sum(acting_count - coalesce(earlier_acting_count, 0)) as acting_count,
        sum(numerator - coalesce(earlier_numerator, 0e0)) as sum_x,
        sum(denominator - coalesce(earlier_denominator, 0e0)) as sum_y,
        sum(numerator * numerator - coalesce(earlier_numerator * earlier_numerator, 0e0)) as sum_xx,
        sum(denominator * denominator - coalesce(earlier_denominator * earlier_denominator, 0e0)) as sum_yy,
        sum(numerator * denominator - coalesce(earlier_numerator * earlier_denominator, 0e0)) as sum_xy
    from stepped
    group by experiment_id, metric, variant, look_date

),

arms as (

    select distinct
        experiment_id,
        variant,
        is_control
    from assignments

),

looks as (

    select
        experiments.experiment_id,
        centres.metric,
        arms.variant,
        arms.is_control,
        centres.numerator_centre,
        centres.denominator_centre,
        dates.date_day as look_date
    from experiments
    inner join centres on experiments.experiment_id = centres.experiment_id
    inner join arms on experiments.experiment_id = arms.experiment_id
    inner join dates
        on
            experiments.first_date <= dates.date_day
            and greatest(cast(experiments.measured_until_at as date), centres.last_entry_date) >= dates.date_day

),

accumulated as (

    select
        {%- for sum in ['unit_count', 'acting_count', 'sum_x', 'sum_y', 'sum_xx', 'sum_yy', 'sum_xy'] %}
        sum(coalesce(steps.{{ sum }}, 0)) over (
            partition by looks.experiment_id, looks.metric, looks.variant
            order by looks.look_date
            rows between unbounded preceding and current row
        ) as {{ sum }},
        {%- endfor %}
        looks.*
    from looks
    left join steps
        on
            looks.experiment_id = steps.experiment_id
            and looks.metric = steps.metric
            and looks.variant = steps.variant
            and looks.look_date = steps.look_date

),

moments as (

    select
        *,
        numerator_centre + sum_x / nullif(unit_count, 0) as numerator_mean,
        denominator_centre + sum_y / nullif(unit_count, 0) as denominator_mean,
        (sum_xx - sum_x * sum_x / nullif(unit_count, 0)) / nullif(unit_count - 1, 0) as numerator_variance,
        (sum_yy - sum_y * sum_y / nullif(unit_count, 0)) / nullif(unit_count - 1, 0) as denominator_variance,
        (sum_xy - sum_x * sum_y / nullif(unit_count, 0)) / nullif(unit_count - 1, 0) as covariance
    from accumulated

),

int_arm_looks_accumulated as (

    select
        {{ surrogate_key(['moments.experiment_id', 'moments.metric', 'moments.variant', 'moments.look_date']) }}
            as arm_look_key,
        moments.experiment_id,
        moments.metric,
        moments.variant,
        cast(moments.unit_count as bigint) as unit_count,
        moments.numerator_mean / nullif(moments.denominator_mean, 0e0) as arm_mean,
        case when moments.acting_count >= {{ var('experiment_minimum_units') }} then {{ ratio_variance(
            'moments.numerator_mean', 'moments.numerator_variance',
            'nullif(moments.denominator_mean, 0e0)', 'moments.denominator_variance', 'moments.covariance'
        ) }} end as unit_variance,
        moments.is_control,
        moments.look_date
    from moments

)

select * from int_arm_looks_accumulated
