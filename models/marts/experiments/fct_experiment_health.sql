with

checks as (

    select * from {{ ref('int_experiment_checks_judged') }}

),

fct_experiment_health as (

    select
        experiment_check_key,
        experiment_id,
        check_name,
        status,
        explanation,
        observed,
        expected,
        p_value,
        check_number
    from checks

)

select * from fct_experiment_health
