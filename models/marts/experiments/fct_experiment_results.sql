{%- set alpha = var('experiment_alpha') %}
{%- set cell = ['experiment_id', 'metric', 'segment_name', 'segment_value'] %}
with

moments as (

    select * from {{ ref('int_arm_moments_gathered') }}

),

arms as (

    select * from {{ ref('fct_experiment_arms') }}

),

experiments as (

    select * from {{ ref('dim_experiments') }}

),

metrics as (

    {{ metric_declarations() }}

),

-- One slope for all arms, from what varies within them: an effect must not bend it. Only arms of which both are known.
slopes as (

    select
        {{ cell | join(',\n        ') }},
        {{ cuped_coefficient(
            'sum(case when covariate_variance is not null then (unit_count - 1) * covariance end)',
            'sum(case when covariance is not null then (unit_count - 1) * covariate_variance end)'
        ) }} as slope,
        sum(unit_count * covariate_numerator_mean)
        / nullif(sum(unit_count * covariate_denominator_mean), 0e0) as all_covariate_mean
    from moments
    group by {{ cell | join(', ') }}

),

adjusted as (

    select
        moments.*,
        {{ cuped_mean(
            'moments.arm_mean', 'moments.covariate_mean', 'slopes.all_covariate_mean', 'slopes.slope'
        ) }} as cuped_mean,
        {{ cuped_variance(
            'moments.unit_variance', 'moments.covariate_variance', 'moments.covariance', 'slopes.slope'
        ) }} as cuped_variance
    from moments
    inner join slopes on {{ same_values('moments', 'slopes', cell) }}

),

-- An arm to which nobody was assigned has its rows too, and a reason in them.
compared as (

    select
        {%- for column in cell %}
        slopes.{{ column }},
        {%- endfor %}
        arms.variant,
        cast(coalesce(control.unit_count, 0) as bigint) as control_unit_count,
        cast(coalesce(treatment.unit_count, 0) as bigint) as treatment_unit_count,
        control.arm_mean as control_mean,
        treatment.arm_mean as treatment_mean,
        control.unit_variance as control_variance,
        treatment.unit_variance as treatment_variance,
        control.covariate_mean as control_covariate_mean,
        treatment.covariate_mean as treatment_covariate_mean,
        control.covariate_variance as control_covariate_variance,
        treatment.covariate_variance as treatment_covariate_variance,
        control.cuped_mean as control_cuped_mean,
        treatment.cuped_mean as treatment_cuped_mean,
        control.cuped_variance as control_cuped_variance,
        treatment.cuped_variance as treatment_cuped_variance
    from slopes
    inner join arms on slopes.experiment_id = arms.experiment_id and not arms.is_control
    left join adjusted as control
        on {{ same_values('slopes', 'control', cell) }} and control.is_control
    left join adjusted as treatment
        on {{ same_values('slopes', 'treatment', cell) }} and arms.variant = treatment.variant

),

estimated as (

    select
        compared.*,
        {%- for effect, mean in {'': 'mean', 'cuped_': 'cuped_mean', 'pre_period_': 'covariate_mean'}.items() %}
        {%- set variance = mean | replace('mean', 'variance') %}
        {%- set of_control = ['compared.control_' ~ variance, 'compared.control_unit_count'] %}
        {%- set of_treatment = ['compared.treatment_' ~ variance, 'compared.treatment_unit_count'] %}
        compared.treatment_{{ mean }} - compared.control_{{ mean }} as {{ effect }}effect,
        {{ welch_se(of_control[0], of_control[1], of_treatment[0], of_treatment[1]) }} as {{ effect }}effect_se,
        {{ welch_df(of_control[0], of_control[1], of_treatment[0], of_treatment[1]) }}
            as {{ effect }}degrees_of_freedom,
        {{ relative_effect('compared.control_' ~ mean, 'compared.treatment_' ~ mean) }} as {{ effect }}relative_effect,
        {{ relative_se(
            'compared.control_' ~ mean, of_control[0], of_control[1],
            'compared.treatment_' ~ mean, of_treatment[0], of_treatment[1]
        ) }} as {{ effect }}relative_effect_se,
        {%- endfor %}
        {{ untestable_reason(
            'compared.control_unit_count', 'compared.control_variance',
            'compared.treatment_unit_count', 'compared.treatment_variance'
        ) }} as not_testable_reason
    from compared

),

tested as (

    select
        estimated.*,
        {{ surrogate_key([
            'estimated.experiment_id', 'estimated.metric',
            'estimated.segment_name', 'estimated.segment_value', 'estimated.variant',
        ]) }} as experiment_result_key,
        case
            when estimated.segment_name = 'all' then 'the metrics of the experiment'
            else 'the segments of ' || estimated.metric
        end as p_value_family,
        {%- for effect in ['', 'cuped_', 'pre_period_'] %}
        {{ student_t_two_sided_p(
            'estimated.' ~ effect ~ 'effect / estimated.' ~ effect ~ 'effect_se',
            'estimated.' ~ effect ~ 'degrees_of_freedom'
        ) }} as {{ effect }}p_value,
        {%- endfor %}
        {%- for effect in ['', 'cuped_'] %}
        abs({{ student_t_quantile(alpha / 2, 'estimated.' ~ effect ~ 'degrees_of_freedom') }})
            as {{ effect }}critical_t,
        {%- endfor %}
        {{ detectable_effect('estimated.effect_se', alpha, var('experiment_power')) }} as detectable_effect
    from estimated

),

corrected as (

    {{ adjusted_p_values('tested', 'p_value', 'experiment_id, p_value_family', 'experiment_result_key') }}

),

bounded as (

    select
        *,
        {%- for effect in ['', 'cuped_', 'relative_', 'cuped_relative_'] %}
        {%- set reach = effect | replace('relative_', '') ~ 'critical_t * ' ~ effect ~ 'effect_se' %}
        {{ effect }}effect - {{ reach }} as {{ effect }}effect_lower,
        {{ effect }}effect + {{ reach }} as {{ effect }}effect_upper,
        {%- endfor %}
        case
            when not_testable_reason = 'the variance of an arm is not known'
                then 'fewer than {{ var("experiment_minimum_units") }} units in an arm with what the metric measures'
            else not_testable_reason
        end as untestable_reason,
        case when segment_name = 'all' then p_holm else p_benjamini_hochberg end as adjusted_p_value,
        1e0 - power(cuped_effect_se / effect_se, 2) as cuped_variance_reduction_rate,
        abs(detectable_effect / nullif(control_mean, 0e0)) as detectable_relative_effect
    from corrected

),

fct_experiment_results as (

    select
        {%- for column in ['experiment_result_key', 'experiment_id', 'metric'] %}
        bounded.{{ column }},
        {%- endfor %}
        metrics.metric_label,
        metrics.metric_kind,
        metrics.metric_unit,
        {%- for column in [
            'variant', 'segment_name', 'segment_value', 'untestable_reason', 'control_unit_count', 'treatment_unit_count',
            'control_mean', 'treatment_mean',
            'effect', 'effect_se', 'effect_lower', 'effect_upper', 'degrees_of_freedom', 'p_value', 'adjusted_p_value',
            'relative_effect', 'relative_effect_se', 'relative_effect_lower', 'relative_effect_upper',
            'cuped_effect', 'cuped_effect_se', 'cuped_effect_lower', 'cuped_effect_upper', 'cuped_degrees_of_freedom',
            'cuped_p_value', 'cuped_relative_effect', 'cuped_relative_effect_se', 'cuped_relative_effect_lower',
            'cuped_relative_effect_upper', 'cuped_variance_reduction_rate', 'pre_period_effect', 'pre_period_p_value',
        ] %}
        {%- if column in ['cuped_effect', 'cuped_relative_effect'] %}
        case when bounded.cuped_effect_se is not null then bounded.{{ column }} end as {{ column }},
        {%- else %}
        bounded.{{ column }},
        {%- endif %}
        {%- endfor %}
        {{ power_of('bounded.control_mean * 0.1e0', 'bounded.effect_se', alpha) }} as power_of_tenth,
        bounded.detectable_effect,
        bounded.detectable_relative_effect,
        {{ always_valid_p(
            'bounded.effect', 'bounded.effect_se', 'bounded.control_unit_count + bounded.treatment_unit_count',
            alpha, var('experiment_sequential_tuning')
        ) }} as always_valid_p_value,
        metrics.better = 1 as is_more_better,
        bounded.metric = experiments.primary_metric as is_primary,
        bounded.segment_name <> 'all' as is_exploratory
    from bounded
    inner join experiments on bounded.experiment_id = experiments.experiment_id
    inner join metrics on bounded.metric = metrics.metric

)

select * from fct_experiment_results
