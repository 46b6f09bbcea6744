{#- The last look of each experiment, metric and arm is its result: the same units and effect, or no test either. -#}
with

looks as (

    select
        *,
        row_number() over (partition by experiment_id, metric, variant order by look_date desc) as look_number
    from {{ ref('fct_experiment_timeline') }}

),

results as (

    select * from {{ ref('fct_experiment_results') }}
    where segment_name = 'all'

)

select
    results.experiment_id,
    results.metric,
    results.variant,
    looks.look_date,
    looks.effect,
    results.effect as expected_effect,
    looks.effect_se,
    results.effect_se as expected_effect_se
from results
left join looks
    on
        results.experiment_id = looks.experiment_id
        and results.metric = looks.metric
        and results.variant = looks.variant
        and looks.look_number = 1
where
    (results.untestable_reason is not null and looks.p_value is not null)
    or (
        results.untestable_reason is null
        and not coalesce(
            looks.control_unit_count = results.control_unit_count
            and looks.treatment_unit_count = results.treatment_unit_count
            and abs(looks.effect - results.effect) <= 1e-9 * (abs(results.effect) + results.effect_se)
            and abs(looks.effect_se - results.effect_se) <= 1e-9 * results.effect_se,
            false
        )
    )
