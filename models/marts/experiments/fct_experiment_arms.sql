with

experiments as (

    select * from {{ ref('dim_experiments') }}

),

variants as (

    select * from {{ ref('stg_experiments__variants') }}

),

assignments as (

    select * from {{ ref('fct_experiment_assignments') }}

),

early as (

    select
        experiment_id,
        variant,
        count(*) as early_exposure_count,
        count(distinct unit_id) as early_unit_count
    from {{ ref('int_assignments_checked') }}
    where rejection_reason = 'assignment_before_start'
    group by experiment_id, variant

),

arms as (

    select
        variants.experiment_id,
        variants.variant,
        variants.is_control,
        variants.allocation * 1e0
        / sum(variants.allocation) over (partition by variants.experiment_id) as allocation_rate
    from variants
    inner join experiments on variants.experiment_id = experiments.experiment_id

),

assigned as (

    select
        experiment_id,
        variant,
        count(*) as assigned_unit_count,
        sum(case when is_excluded then 0 else 1 end) as analysed_unit_count,
        sum(case when exclusion_reason = 'in_two_arms' then 1 else 0 end) as two_arm_unit_count,
        sum(case when exclusion_reason = 'crawler' then 1 else 0 end) as crawler_unit_count
    from assignments
    group by experiment_id, variant

),

fct_experiment_arms as (

    select
        {{ surrogate_key(['arms.experiment_id', 'arms.variant']) }} as experiment_arm_key,
        arms.experiment_id,
        arms.variant,
        cast(arms.allocation_rate as double) as allocation_rate,
        cast(coalesce(assigned.assigned_unit_count, 0) as bigint) as assigned_unit_count,
        cast(coalesce(assigned.analysed_unit_count, 0) as bigint) as analysed_unit_count,
        cast(coalesce(assigned.two_arm_unit_count, 0) as bigint) as two_arm_unit_count,
        cast(coalesce(assigned.crawler_unit_count, 0) as bigint) as crawler_unit_count,
        cast(coalesce(early.early_exposure_count, 0) as bigint) as early_exposure_count,
        cast(coalesce(early.early_unit_count, 0) as bigint) as early_unit_count,
        arms.is_control
    from arms
    left join assigned
        on arms.experiment_id = assigned.experiment_id and arms.variant = assigned.variant
    left join early
        on arms.experiment_id = early.experiment_id and arms.variant = early.variant

)

select * from fct_experiment_arms
