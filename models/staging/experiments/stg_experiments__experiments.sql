with

base as (

    select * from {{ ref('base_experiments__experiments') }}

),

stg_experiments__experiments as (

    select
        record_key,
        experiment_id,
        experiment_name,
        hypothesis,
        owner,
        unit,
        primary_metric,
        started_at,
        ended_at
    from base
    where record_status = 'accepted'

)

select * from stg_experiments__experiments
