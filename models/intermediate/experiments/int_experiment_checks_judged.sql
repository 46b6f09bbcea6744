{%- set broken = var('experiment_broken_alpha') %}
{%- set suspicious = var('experiment_check_alpha') %}
{%- set relevant = var('experiment_relevant_effect') %}
with

experiments as (

    select * from {{ ref('dim_experiments') }}

),

arms as (

    select * from {{ ref('fct_experiment_arms') }}

),

results as (

    select * from {{ ref('fct_experiment_results') }}
    where is_primary and segment_name = 'all'

),

novelties as (

    select * from {{ ref('int_novelties_tested') }}

),

totals as (

    select
        experiment_id,
        count(*) - 1 as treatment_count,
        sum(assigned_unit_count - crawler_unit_count) as person_count,
        sum(analysed_unit_count) as analysed_unit_count,
        sum(two_arm_unit_count) as two_arm_unit_count,
        sum(early_unit_count) as early_unit_count
    from arms
    group by experiment_id

),

sample_ratios as (

    {{ sample_ratio('arms', 'analysed_unit_count', 'allocation_rate', ['experiment_id']) }}

),

shares as (

    select
        arms.experiment_id,
        arms.variant,
        arms.allocation_rate,
        arms.analysed_unit_count * 1e0 / nullif(totals.analysed_unit_count, 0) as unit_rate
    from arms
    inner join totals on arms.experiment_id = totals.experiment_id

),

-- Of several arms the worst one speaks, its p-value times their number.
distances as (

    select
        *,
        abs(unit_rate - allocation_rate) as distance,
        row_number() over (
            partition by experiment_id order by round(-abs(unit_rate - allocation_rate), 9), variant
        ) as place
    from shares

),

differences as (

    select
        *,
        row_number() over (partition by experiment_id order by coalesce(pre_period_p_value, 1e0), variant) as place
    from results

),

reaches as (

    select
        *,
        row_number() over (
            partition by experiment_id order by coalesce(-detectable_relative_effect, 0e0), variant
        ) as place
    from results

),

changes as (

    select
        *,
        row_number() over (partition by experiment_id order by coalesce(p_value, 1e0), variant) as place
    from novelties

),

facts as (

    select
        experiments.experiment_id,
        coalesce(totals.person_count, 0) as person_count,
        totals.two_arm_unit_count,
        totals.early_unit_count,
        totals.two_arm_unit_count * 1e0 / nullif(totals.person_count, 0) as leakage_rate,
        distances.variant as distant_variant,
        distances.unit_rate,
        distances.allocation_rate,
        distances.distance,
        sample_ratios.p_value as sample_ratio_p_value,
        differences.variant as different_variant,
        lower(reaches.metric_label) as metric_label,
        differences.pre_period_effect,
        {{ not_above_one('differences.pre_period_p_value * totals.treatment_count') }} as pre_period_p_value,
        reaches.detectable_relative_effect,
        reaches.untestable_reason,
        changes.early_effect,
        changes.later_effect,
        {{ not_above_one('changes.p_value * totals.treatment_count') }} as novelty_p_value
    from experiments
    left join totals on experiments.experiment_id = totals.experiment_id
    left join sample_ratios on experiments.experiment_id = sample_ratios.experiment_id
    left join distances on experiments.experiment_id = distances.experiment_id and distances.place = 1
    left join differences on experiments.experiment_id = differences.experiment_id and differences.place = 1
    left join reaches on experiments.experiment_id = reaches.experiment_id and reaches.place = 1
    left join changes on experiments.experiment_id = changes.experiment_id and changes.place = 1

),

checks as (

    select
        experiment_id,
        1 as check_number,
        'sample_ratio' as check_name,
        unit_rate as observed,
        allocation_rate as expected,
        sample_ratio_p_value as p_value,
        case
            when sample_ratio_p_value < {{ broken }} then 'fail'
            when sample_ratio_p_value is not null then 'pass'
        end as status,
        case
            when sample_ratio_p_value < {{ broken }}
                then {{ sentence([
                    'Traffic is off by ', "replace(" ~ percent_text('distance') ~ ", '%', ' percentage points')",
                    ': ', 'distant_variant', ' has ', percent_text('unit_rate'), ' of the units instead of ',
                    percent_text('allocation_rate'), ' (', p_value_text('sample_ratio_p_value'), ').',
                ]) }}
            else {{ sentence([
                'The traffic is split as planned: ', 'distant_variant', ' has ', percent_text('unit_rate'), ' of the units, ',
                percent_text('allocation_rate'), ' were planned (', p_value_text('sample_ratio_p_value'), ').',
            ]) }}
        end as explanation,
        'Whether the traffic is split as planned cannot be told: nobody was assigned, or there is a single arm.'
            as otherwise
    from facts
    union all
    select
        experiment_id,
        2 as check_number,
        'leakage' as check_name,
        leakage_rate as observed,
        0e0 as expected,
        cast(null as double) as p_value,
        case
            when leakage_rate > {{ var('experiment_leakage_rate') }} then 'fail'
            when leakage_rate > 0 then 'warn'
            when leakage_rate is not null then 'pass'
        end as status,
        case
            when leakage_rate = 0 then 'No unit was in more than one arm.'
            else {{ sentence([
                'Units in more than one arm: ', count_text('two_arm_unit_count'), ' (', percent_text('leakage_rate'),
                '); they are left out.',
            ]) }}
        end as explanation,
        'Nobody was assigned.' as otherwise
    from facts
    union all
    select
        experiment_id,
        3 as check_number,
        'early_assignment' as check_name,
        cast(early_unit_count as double) as observed,
        0e0 as expected,
        cast(null as double) as p_value,
        case
            when early_unit_count > 0 then 'warn'
            when person_count > 0 then 'pass'
        end as status,
        case
            when early_unit_count > 0
                then {{ sentence([
                    'Units assigned before the start: ', count_text('early_unit_count'),
                    '; those assignments are rejected, and the units count from their next one on.',
                ]) }}
            else 'No unit was assigned before the start.'
        end as explanation,
        'Nobody was assigned.' as otherwise
    from facts
    union all
    select
        experiment_id,
        4 as check_number,
        'pre_period_difference' as check_name,
        pre_period_effect as observed,
        0e0 as expected,
        pre_period_p_value as p_value,
        case
            when pre_period_p_value < {{ broken }} then 'fail'
            when pre_period_p_value < {{ suspicious }} then 'warn'
            when pre_period_p_value is not null then 'pass'
        end as status,
        case
            when pre_period_p_value < {{ suspicious }}
                then {{ sentence([
                    'Before it began, ', 'different_variant', ' already differed from the control on ', 'metric_label',
                    ' (', p_value_text('pre_period_p_value'), ').',
                ]) }}
            else {{ sentence([
                'Before it began, the arms did not differ enough on ', 'metric_label', ' to doubt them (',
                p_value_text('pre_period_p_value'), '; below ' ~ suspicious ~ ' it would warn).',
            ]) }}
        end as explanation,
        'Whether the arms were alike before cannot be told: too little is known of their units from then.' as otherwise
    from facts
    union all
    select
        experiment_id,
        5 as check_number,
        'enough_data' as check_name,
        detectable_relative_effect as observed,
        cast({{ relevant }} as double) as expected,
        cast(null as double) as p_value,
        case
            when detectable_relative_effect <= {{ relevant }} then 'pass'
            when detectable_relative_effect is not null then 'warn'
        end as status,
        {{ sentence([
            'It finds an effect of ', percent_text('detectable_relative_effect'), ' on ', 'metric_label',
            ' with a probability of ', percent_text(var('experiment_power')), '; ', percent_text(relevant), ' is wanted.',
        ]) }} as explanation,
        {{ sentence([
            'How small an effect it could find cannot be told: ', "coalesce(untestable_reason, 'nothing was measured')", '.',
        ]) }} as otherwise
    from facts
    union all
    select
        experiment_id,
        6 as check_number,
        'novelty' as check_name,
        early_effect as observed,
        later_effect as expected,
        novelty_p_value as p_value,
        case
            when novelty_p_value < {{ suspicious }} then 'warn'
            when novelty_p_value is not null then 'pass'
        end as status,
        {{ sentence([
            'The effect ',
            "case when novelty_p_value >= " ~ suspicious
            ~ " then 'does not change enough with time to doubt it' else 'changes with time' end",
            ': ', percent_text('early_effect'),
            " in a unit's first " ~ var('experiment_novelty_days') ~ ' days, ', percent_text('later_effect'),
            ' later (', p_value_text('novelty_p_value'),
            '', "case when novelty_p_value >= " ~ suspicious ~ " then '; below " ~ suspicious ~ " it would warn' else '' end", ').',
        ]) }} as explanation,
        'Whether the effect wears off cannot be told: too little was done early or later, or the metric is a ratio.'
            as otherwise
    from facts

),

int_experiment_checks_judged as (

    select
        {{ surrogate_key(['experiment_id', 'check_name']) }} as experiment_check_key,
        experiment_id,
        check_name,
        coalesce(status, 'unknown') as status,
        case when status is null then otherwise else coalesce(explanation, otherwise) end as explanation,
        observed,
        expected,
        p_value,
        cast(check_number as bigint) as check_number
    from checks

)

select * from int_experiment_checks_judged
