with

base as (

    select * from {{ ref('base_experiments__assignments') }}

),

stg_experiments__assignments as (

    select
        record_key,
        experiment_id,
        unit_id,
        variant,
        assigned_at
    from base
    where record_status = 'accepted'

)

select * from stg_experiments__assignments
