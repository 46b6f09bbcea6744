{%- set alpha = var('experiment_alpha') %}
with

arm_looks as (

    select * from {{ ref('int_arm_looks_accumulated') }}

),

compared as (

    select
        treatment.experiment_id,
        treatment.metric,
        treatment.variant,
        treatment.look_date,
        control.unit_count as control_unit_count,
        treatment.unit_count as treatment_unit_count,
        control.arm_mean as control_mean,
        treatment.arm_mean as treatment_mean,
        treatment.arm_mean - control.arm_mean as effect,
        {{ relative_effect('control.arm_mean', 'treatment.arm_mean') }} as relative_effect,
        {{ welch_se(
            'control.unit_variance', 'control.unit_count', 'treatment.unit_variance', 'treatment.unit_count'
        ) }} as effect_se,
        {{ welch_df(
            'control.unit_variance', 'control.unit_count', 'treatment.unit_variance', 'treatment.unit_count'
        ) }} as degrees_of_freedom
    from arm_looks as treatment
    inner join arm_looks as control
        on
            treatment.experiment_id = control.experiment_id
            and treatment.metric = control.metric
            and treatment.look_date = control.look_date
            and control.is_control
    where not treatment.is_control

),

tested as (

    select
        compared.*,
        abs({{ student_t_quantile(alpha / 2, 'compared.degrees_of_freedom') }}) * compared.effect_se as margin,
        {{ student_t_two_sided_p('compared.effect / compared.effect_se', 'compared.degrees_of_freedom') }} as p_value,
        {{ confidence_sequence_margin(
            'compared.effect_se', 'compared.control_unit_count + compared.treatment_unit_count',
            alpha, var('experiment_sequential_tuning')
        ) }} as always_valid_margin,
        {{ always_valid_p(
            'compared.effect', 'compared.effect_se', 'compared.control_unit_count + compared.treatment_unit_count',
            alpha, var('experiment_sequential_tuning')
        ) }} as look_p_value
    from compared

),

fct_experiment_timeline as (

    select
        {{ surrogate_key(['experiment_id', 'metric', 'variant', 'look_date']) }} as experiment_look_key,
        experiment_id,
        metric,
        variant,
        control_unit_count,
        treatment_unit_count,
        control_mean,
        treatment_mean,
        effect,
        effect_se,
        effect - margin as effect_lower,
        effect + margin as effect_upper,
        p_value,
        effect - always_valid_margin as always_valid_lower,
        effect + always_valid_margin as always_valid_upper,
        min(look_p_value) over (
            partition by experiment_id, metric, variant
            order by look_date
            rows between unbounded preceding and current row
        ) as always_valid_p_value,
        relative_effect,
        look_date
    from tested

)

select * from fct_experiment_timeline
