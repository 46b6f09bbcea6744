{#- No look has a mean below 0 of what is counted, a relative effect on nothing, or a test without variance. -#}
{%- set counted = experiment_metrics() | rejectattr('numerator', 'equalto', 'net_sales_usd') | map(attribute='name') %}
with

looks as (

    select * from {{ ref('fct_experiment_timeline') }}

)

select
    experiment_id,
    metric,
    variant,
    look_date,
    control_mean,
    treatment_mean,
    relative_effect,
    effect_se,
    p_value
from looks
where
    (control_mean = 0 and relative_effect is not null)
    or (effect_se is null and p_value is not null)
    or effect_se <= 1e-14 * (abs(control_mean) + abs(treatment_mean))
    or (
        metric in ('{{ counted | join("', '") }}')
        and (control_mean < 0 or treatment_mean < 0)
    )
