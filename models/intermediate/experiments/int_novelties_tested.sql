with

unit_values as (

    select * from {{ ref('int_unit_values_measured') }}

),

metrics as (

    {{ metric_declarations() }}

),

moments as (

    select
        unit_values.experiment_id,
        unit_values.variant,
        unit_values.is_control,
        {{ co_moments('unit_values.early_numerator', 'unit_values.later_numerator') }}
    from unit_values
    inner join metrics on unit_values.metric = metrics.metric
    where unit_values.is_primary and unit_values.is_long_observed and metrics.metric_kind <> 'ratio'
    group by unit_values.experiment_id, unit_values.variant, unit_values.is_control

),

arms as (

    select
        experiment_id,
        variant,
        is_control,
        case when n >= {{ var('experiment_minimum_units') }} then n end as unit_count,
        nullif(mean_x, 0e0) as early_mean,
        nullif(mean_y, 0e0) as later_mean,
        {{ variance_of('n', 'm2_x') }} as early_variance,
        {{ variance_of('n', 'm2_y') }} as later_variance,
        c_xy / nullif(n - 1, 0) as covariance
    from moments

),

ratios as (

    select
        treatment.experiment_id,
        treatment.variant,
        treatment.early_mean / control.early_mean as early_ratio,
        treatment.later_mean / control.later_mean as later_ratio,
        control.early_mean,
        control.later_mean,
        control.unit_count as control_unit_count,
        treatment.unit_count as treatment_unit_count,
        control.early_variance as control_early_variance,
        control.later_variance as control_later_variance,
        control.covariance as control_covariance,
        treatment.early_variance as treatment_early_variance,
        treatment.later_variance as treatment_later_variance,
        treatment.covariance as treatment_covariance
    from arms as treatment
    inner join arms as control on treatment.experiment_id = control.experiment_id and control.is_control
    where not treatment.is_control

),

-- The same units early and later: the delta method for the difference of two ratios whose parts go together.
varied as (

    select
        *,
        (
            treatment_early_variance / (early_mean * early_mean)
            + treatment_later_variance / (later_mean * later_mean)
            - 2e0 * treatment_covariance / (early_mean * later_mean)
        ) / treatment_unit_count
        + (
            early_ratio * early_ratio * control_early_variance / (early_mean * early_mean)
            + later_ratio * later_ratio * control_later_variance / (later_mean * later_mean)
            - 2e0 * early_ratio * later_ratio * control_covariance / (early_mean * later_mean)
        ) / control_unit_count as variance
    from ratios

),

int_novelties_tested as (

    select
        {{ surrogate_key(['varied.experiment_id', 'varied.variant']) }} as novelty_key,
        varied.experiment_id,
        varied.variant,
        varied.early_ratio - 1e0 as early_effect,
        varied.later_ratio - 1e0 as later_effect,
        {{ normal_two_sided_p(
            '(varied.early_ratio - varied.later_ratio) / ' ~ root_if_positive('varied.variance')
        ) }} as p_value
    from varied

)

select * from int_novelties_tested
