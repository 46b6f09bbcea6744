{%- set sums = ['session_count', 'order_count', 'sales_usd', 'refund_usd', 'net_sales_usd'] %}
{%- set novelty_seconds = var('experiment_novelty_days') * 86400 %}
{%- set periods = {
    'after': 'seconds_since_assignment >= 0',
    'before': 'seconds_since_assignment < 0 and seconds_since_assignment >= -before_seconds',
    'early': 'seconds_since_assignment >= 0 and seconds_since_assignment < ' ~ novelty_seconds,
    'later': 'seconds_since_assignment >= ' ~ novelty_seconds,
} %}
with

experiments as (

    select * from {{ ref('dim_experiments') }}

),

assignments as (

    select * from {{ ref('fct_experiment_assignments') }}
    where not is_excluded

),

activities as (

    select * from {{ ref('int_unit_activities_matched') }}

),

-- With a conversion window units count once theirs is over; without one (0 days) it ends with the experiment.
windows as (

    {%- for days in metric_windows() %}
    select
        assignments.*,
        experiments.unit,
        experiments.primary_metric,
        {{ days or 0 }} as window_days,
        {%- if days %}
        {{ days * 86400 }}e0 as after_seconds,
        {{ days * 86400 }}e0 as before_seconds
        {%- else %}
        {{ seconds_between('assignments.assigned_at', 'experiments.measured_until_at') }} as after_seconds,
        {{ seconds_between('experiments.started_at', 'experiments.measured_until_at') }} as before_seconds
        {%- endif %}
    from assignments
    inner join experiments on assignments.experiment_id = experiments.experiment_id
    {%- if days %}
    where {{ dbt.dateadd('day', days, 'assignments.assigned_at') }} <= experiments.observed_until_at
    {%- else %}
    where assignments.assigned_at <= experiments.measured_until_at
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

sums as (

    select
        {%- for period, condition in periods.items() %}
        {%- for sum in sums %}
        coalesce(sum(case when {{ condition }} then {{ sum }} end), 0) as {{ period }}_{{ sum }},
        {%- endfor %}
        {%- endfor %}
        windows.assignment_key,
        windows.window_days
    from windows
    left join activities
        on
            windows.experiment_id = activities.experiment_id
            and windows.unit_id = activities.unit_id
            and (
                windows.after_seconds > activities.seconds_since_assignment
                or (windows.window_days = 0 and windows.after_seconds = activities.seconds_since_assignment)
            )
    group by windows.assignment_key, windows.window_days

),

measured as (

    {%- for metric in experiment_metrics() %}
    {%- set assigned = metric.assigned | join("', '") %}
    select
        windows.assignment_key,
        windows.experiment_id,
        '{{ metric.name }}' as metric,
        windows.unit_id,
        windows.variant,
        windows.device_type,
        {{ unit_measure(metric.numerator, 'sums.after') }} as numerator,
        {{ unit_measure(metric.denominator, 'sums.after') }} as denominator,
        {{ unit_measure(metric.numerator, 'sums.before') }} as covariate_numerator,
        {{ unit_measure(metric.denominator, 'sums.before') }} as covariate_denominator,
        {{ unit_measure(metric.numerator, 'sums.early') }} as early_numerator,
        {{ unit_measure(metric.numerator, 'sums.later') }} as later_numerator,
        cast({{ metric.winsorized_at or 'null' }} as double) as winsorized_at,
        windows.is_control,
        windows.is_new,
        windows.primary_metric = '{{ metric.name }}' as is_primary,
        windows.after_seconds >= {{ 2 * novelty_seconds }} as is_long_observed,
        {%- if metric.window_days %}
        cast({{ dbt.dateadd('day', metric.window_days, 'windows.assigned_at') }} as date) as entry_date
        {%- else %}
        windows.assignment_date as entry_date
        {%- endif %}
    from windows
    inner join sums on windows.assignment_key = sums.assignment_key and windows.window_days = sums.window_days
    where
        windows.window_days = {{ metric.window_days or 0 }}
        and windows.unit in ('{{ assigned }}')
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

ranked as (

    select
        *,
        cume_dist() over (partition by experiment_id, metric, numerator <> 0e0 order by numerator) as cumulative_share
    from measured

),

-- The smallest value that is not below the declared share of the values that are not 0, whichever arm they are in.
quantiles as (

    select
        experiment_id,
        metric,
        min(case when numerator <> 0e0 and cumulative_share >= winsorized_at then numerator end) as numerator_quantile
    from ranked
    group by experiment_id, metric

),

limits as (

    select
        experiment_id,
        metric,
        case when numerator_quantile > 0e0 then numerator_quantile end as numerator_limit
    from quantiles

),

int_unit_values_measured as (

    select
        {{ surrogate_key(['measured.assignment_key', 'measured.metric']) }} as unit_value_key,
        measured.experiment_id,
        measured.metric,
        measured.unit_id,
        measured.variant,
        measured.device_type,
        case
            when measured.numerator > limits.numerator_limit then limits.numerator_limit
            else measured.numerator
        end as numerator,
        measured.denominator,
        case
            when measured.covariate_numerator > limits.numerator_limit then limits.numerator_limit
            else measured.covariate_numerator
        end as covariate_numerator,
        measured.covariate_denominator,
        measured.early_numerator,
        measured.later_numerator,
        limits.numerator_limit,
        measured.is_control,
        measured.is_new,
        measured.is_primary,
        measured.is_long_observed,
        measured.entry_date
    from measured
    inner join limits on measured.experiment_id = limits.experiment_id and measured.metric = limits.metric

)

select * from int_unit_values_measured
