with

assignments as (

    select * from {{ ref('stg_experiments__assignments') }}

),

experiments as (

    select * from {{ ref('stg_experiments__experiments') }}

),

variants as (

    select * from {{ ref('stg_experiments__variants') }}

),

joined as (

    select
        assignments.record_key,
        assignments.experiment_id,
        assignments.unit_id,
        assignments.variant,
        experiments.unit,
        variants.is_control,
        assignments.assigned_at,
        experiments.experiment_id is not null as is_known_experiment,
        experiments.started_at,
        experiments.ended_at
    from assignments
    left join experiments on assignments.experiment_id = experiments.experiment_id
    left join variants
        on assignments.experiment_id = variants.experiment_id and assignments.variant = variants.variant

),

judged as (

    select
        *,
        {{ rejection([
            breaks('experiment_id', 'unknown_experiment', 'not is_known_experiment'),
            breaks('variant', 'unknown_variant', 'is_control is null'),
            breaks('assigned_at', 'assignment_before_start', 'assigned_at < started_at'),
            breaks('assigned_at', 'assignment_after_end', 'assigned_at > ended_at'),
        ]) }}
    from joined

),

int_assignments_checked as (

    select
        record_key,
        experiment_id,
        unit_id,
        variant,
        unit,
        is_control,
        assigned_at,
        rejected_column,
        rejection_reason
    from judged

)

select * from int_assignments_checked
