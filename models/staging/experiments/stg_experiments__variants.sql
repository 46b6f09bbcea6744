with

base as (

    select * from {{ ref('base_experiments__variants') }}

),

stg_experiments__variants as (

    select
        record_key,
        experiment_id,
        variant,
        is_control,
        allocation
    from base
    where record_status = 'accepted'

)

select * from stg_experiments__variants
