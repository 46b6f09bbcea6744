{%- set spreads = {'numerator_variance': 'xx', 'denominator_variance': 'yy', 'covariance': 'xy'} %}
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

measures as (

    select
        experiment_id,
        metric,
        max(numerator_limit) as numerator_limit,
        max(entry_date) as last_entry_date
    from unit_values
    group by experiment_id, metric

),

-- A unit that came after the last moment that is measured is in no look, as it is in no result.
units as (

    select assignments.*
    from assignments
    inner join experiments on assignments.experiment_id = experiments.experiment_id
    where assignments.assigned_at <= experiments.measured_until_at

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
    from units
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
        measures.metric,
        {{ unit_measure(metric.numerator, 'so_far.so_far') }} as numerator,
        {{ unit_measure(metric.denominator, 'so_far.so_far') }} as denominator,
        so_far.activity_date as value_date
    from so_far
    inner join measures on so_far.experiment_id = measures.experiment_id and measures.metric = '{{ metric.name }}'
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

-- Counts and cents are decimals from here, whose sums and products are exact: what comes to 0 is 0.
counted as (

    select
        valued.experiment_id,
        valued.unit_id,
        valued.metric,
        units.variant,
        {{ usd('least(valued.numerator, coalesce(measures.numerator_limit, valued.numerator))') }} as numerator,
        {{ usd('valued.denominator') }} as denominator,
        case when valued.denominator <> 0e0 then 1 else 0 end as acting_count,
        greatest(valued.value_date, experiments.first_date) as look_date,
        valued.value_date
    from valued
    inner join measures on valued.experiment_id = measures.experiment_id and valued.metric = measures.metric
    inner join units on valued.experiment_id = units.experiment_id and valued.unit_id = units.unit_id
    inner join experiments on valued.experiment_id = experiments.experiment_id

),

stepped as (

    select
        *,
        lag(numerator) over (partition by experiment_id, metric, unit_id order by value_date) as earlier_numerator,
        lag(denominator) over (partition by experiment_id, metric, unit_id order by value_date) as earlier_denominator,
        lag(acting_count) over (partition by experiment_id, metric, unit_id order by value_date) as earlier_acting_count
    from counted

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
        sum(numerator - coalesce(earlier_numerator, 0)) as sum_x,
        sum(denominator - coalesce(earlier_denominator, 0)) as sum_y,
        sum(numerator * numerator - coalesce(earlier_numerator * earlier_numerator, 0)) as sum_xx,
        sum(denominator * denominator - coalesce(earlier_denominator * earlier_denominator, 0)) as sum_yy,
        sum(numerator * denominator - coalesce(earlier_numerator * earlier_denominator, 0)) as sum_xy
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
        measures.metric,
        arms.variant,
        arms.is_control,
        dates.date_day as look_date
    from experiments
    inner join measures on experiments.experiment_id = measures.experiment_id
    inner join arms on experiments.experiment_id = arms.experiment_id
    inner join dates
        on
            experiments.first_date <= dates.date_day
            and greatest(cast(experiments.measured_until_at as date), measures.last_entry_date) >= dates.date_day

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

-- n times a sum of products less a product of sums, exact as they are, is 0 where nothing varies.
moments as (

    select
        *,
        cast(sum_x as double) / nullif(unit_count, 0) as numerator_mean,
        cast(sum_y as double) / nullif(unit_count, 0) as denominator_mean,
        {%- for moment, pair in spreads.items() %}
        cast(cast(unit_count as decimal(18, 0)) * sum_{{ pair }} - sum_{{ pair[0] }} * sum_{{ pair[1] }} as double)
        / nullif(cast(unit_count as double) * (unit_count - 1), 0e0) as {{ moment }},
        {%- endfor %}
        cast(sum_x as double) / nullif(cast(sum_y as double), 0e0) as arm_mean
    from accumulated

),

spread as (

    select
        moments.*,
        {{ ratio_variance(
            'moments.numerator_mean', 'moments.numerator_variance',
            'moments.denominator_mean', 'moments.denominator_variance', 'moments.covariance'
        ) }} as ratio_variance,
        (moments.numerator_variance + power(moments.arm_mean, 2) * moments.denominator_variance)
        / nullif(power(moments.denominator_mean, 2), 0e0) as largest_variance
    from moments

),

-- The parts of a ratio's variance cancel where units are in proportion: what rounding leaves of them is none.
int_arm_looks_accumulated as (

    select
        {{ surrogate_key(['experiment_id', 'metric', 'variant', 'look_date']) }} as arm_look_key,
        experiment_id,
        metric,
        variant,
        cast(unit_count as bigint) as unit_count,
        arm_mean,
        case
            when acting_count < {{ var('experiment_minimum_units') }} then null
            when ratio_variance <= 1e-12 * largest_variance then 0e0
            else ratio_variance
        end as unit_variance,
        is_control,
        look_date
    from spread

)

select * from int_arm_looks_accumulated
