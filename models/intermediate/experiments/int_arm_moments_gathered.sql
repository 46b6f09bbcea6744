{%- set pairs = {
    'nd_': ['numerator', 'denominator'],
    'np_': ['numerator', 'covariate_numerator'],
    'nq_': ['numerator', 'covariate_denominator'],
    'dp_': ['denominator', 'covariate_numerator'],
    'dq_': ['denominator', 'covariate_denominator'],
    'pq_': ['covariate_numerator', 'covariate_denominator'],
} %}
{#- What the units with a denominator are counted by, after and before the assignment. -#}
{%- set counted = ['', 'covariate_'] %}
{%- set arm = ['experiment_id', 'metric', 'variant', 'is_control'] %}
{%- set segments = {'all': [], 'device': ['device_type'], 'visitor_type': ['visitor_type']} %}
with

unit_values as (

    select
        *,
        case when is_new then 'new' else 'returning' end as visitor_type
    from {{ ref('int_unit_values_measured') }}

),

cells as (

    select
        {%- for prefix, pair in pairs.items() %}
        {{ co_moments(pair[0], pair[1], prefix) }},
        {%- endfor %}
        {%- for prefix in counted %}
        {{ moments('case when ' ~ prefix ~ 'denominator <> 0e0 then 1e0 else 0e0 end', prefix) }},
        {%- endfor %}
        {{ (arm + ['device_type', 'visitor_type']) | join(', ') }}
    from unit_values
    group by {{ (arm + ['device_type', 'visitor_type']) | join(', ') }}

),

merged_all as (

    {{ merged_moments('cells', arm + segments['all'], counted, pairs.keys() | list) }}

),

merged_device as (

    {{ merged_moments('cells', arm + segments['device'], counted, pairs.keys() | list) }}

),

merged_visitor_type as (

    {{ merged_moments('cells', arm + segments['visitor_type'], counted, pairs.keys() | list) }}

),

merged as (

    {%- for name, columns in segments.items() %}
    select
        {%- for prefix in pairs %}
        {%- for moment in ['n', 'mean_x', 'm2_x', 'mean_y', 'm2_y', 'c_xy'] %}
        {{ prefix }}{{ moment }},
        {%- endfor %}
        {%- endfor %}
        {%- for prefix in counted %}
        {{ prefix }}n * {{ prefix }}mean as {{ prefix }}acting_count,
        {%- endfor %}
        {%- for column in arm %}
        {{ column }},
        {%- endfor %}
        '{{ name }}' as segment_name,
        {{ columns[0] if columns else "'all'" }} as segment_value
    from merged_{{ name }}
    {{ 'where ' ~ columns[0] ~ ' is not null' if columns }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

spread as (

    select
        {%- for column in arm %}
        {{ column }},
        {%- endfor %}
        {%- for prefix in pairs %}
        {{ prefix }}c_xy / nullif({{ prefix }}n - 1, 0) as {{ prefix }}covariance,
        {%- endfor %}
        segment_name,
        segment_value,
        acting_count > {{ var('experiment_minimum_units') }} - 0.5e0 as is_told,
        covariate_acting_count > {{ var('experiment_minimum_units') }} - 0.5e0 as is_covariate_told,
        nd_n as unit_count,
        nd_mean_x as numerator_mean,
        nullif(nd_mean_y, 0e0) as denominator_mean,
        pq_mean_x as covariate_numerator_mean,
        pq_mean_y as covariate_denominator_mean,
        nd_mean_x / nullif(nd_mean_y, 0e0) as arm_mean,
        pq_mean_x / nullif(pq_mean_y, 0e0) as covariate_mean,
        {{ variance_of('nd_n', 'nd_m2_x') }} as numerator_variance,
        {{ variance_of('nd_n', 'nd_m2_y') }} as denominator_variance,
        {{ variance_of('pq_n', 'pq_m2_x') }} as covariate_numerator_variance,
        {{ variance_of('pq_n', 'pq_m2_y') }} as covariate_denominator_variance
    from merged

),

varied as (

    select
        spread.*,
        {{ ratio_variance(
            'spread.numerator_mean', 'spread.numerator_variance',
            'spread.denominator_mean', 'spread.denominator_variance', 'spread.nd_covariance'
        ) }} as ratio_variance,
        (spread.numerator_variance + power(spread.arm_mean, 2) * spread.denominator_variance)
        / power(spread.denominator_mean, 2) as largest_variance,
        {{ ratio_variance(
            'spread.covariate_numerator_mean', 'spread.covariate_numerator_variance',
            'spread.covariate_denominator_mean', 'spread.covariate_denominator_variance', 'spread.pq_covariance'
        ) }} as covariate_ratio_variance,
        -- Of the linearised metric with its linearised covariate.
        (
            spread.np_covariance
            - spread.covariate_mean * spread.nq_covariance
            - spread.arm_mean * spread.dp_covariance
            + spread.arm_mean * spread.covariate_mean * spread.dq_covariance
        ) / nullif(spread.denominator_mean * spread.covariate_denominator_mean, 0e0) as ratio_covariance
    from spread

),

-- Where nothing varies, or a ratio's units are in proportion, what rounding leaves is no variance.
int_arm_moments_gathered as (

    select
        {{ surrogate_key(['experiment_id', 'metric', 'variant', 'segment_name', 'segment_value']) }} as arm_moment_key,
        experiment_id,
        metric,
        variant,
        segment_name,
        segment_value,
        unit_count,
        arm_mean,
        case
            when not is_told then null
            when ratio_variance <= 1e-12 * largest_variance + 1e-24 * power(arm_mean, 2) then 0e0
            else ratio_variance
        end as unit_variance,
        covariate_numerator_mean,
        covariate_denominator_mean,
        covariate_mean,
        case when is_covariate_told then covariate_ratio_variance end as covariate_variance,
        case when is_told and is_covariate_told then ratio_covariance end as covariance,
        is_control
    from varied

)

select * from int_arm_moments_gathered
