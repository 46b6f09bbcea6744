{%- set alpha = var('experiment_alpha') %}
{%- set level = "%g" | format((1 - alpha) * 100) ~ "%" %}
with

experiments as (

    select * from {{ ref('dim_experiments') }}

),

checks as (

    select * from {{ ref('int_experiment_checks_judged') }}

),

results as (

    select * from {{ ref('fct_experiment_results') }}
    where is_primary and segment_name = 'all'

),

failures as (

    select
        experiment_id,
        min(case when status = 'fail' then check_number end) as first_failed_number,
        sum(case when status = 'fail' then 1 else 0 end) as failed_check_count,
        sum(case when status = 'warn' then 1 else 0 end) as warned_check_count
    from checks
    group by experiment_id

),

-- While it runs somebody looks every day, so that only the always-valid p-value may decide.
decisive as (

    select
        results.*,
        {{ not_above_one(
            'case when experiments.is_running then results.always_valid_p_value else results.p_value end'
            ~ ' * count(*) over (partition by results.experiment_id)'
        ) }} as decisive_p_value
    from results
    inner join experiments on results.experiment_id = experiments.experiment_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by experiment_id order by coalesce(decisive_p_value, 2e0), variant
        ) as arm_number
    from decisive

),

told as (

    select
        experiments.experiment_id,
        experiments.primary_metric as metric,
        ranked.variant,
        lower(ranked.metric_label) as metric_label,
        experiments.is_running,
        experiments.day_count,
        failures.failed_check_count,
        failures.warned_check_count,
        lower(substring(first_failure.explanation, 1, 1)) || substring(first_failure.explanation, 2) as first_failure,
        ranked.untestable_reason,
        ranked.decisive_p_value,
        ranked.relative_effect,
        ranked.relative_effect_lower,
        ranked.relative_effect_upper,
        ranked.effect > 0 as is_raised,
        (ranked.effect > 0) = ranked.is_more_better as is_improved,
        case
            when abs(ranked.relative_effect_lower) > abs(ranked.relative_effect_upper)
                then abs(ranked.relative_effect_lower)
            else abs(ranked.relative_effect_upper)
        end as largest_relative_effect,
        {{ percent_text('abs(ranked.relative_effect)') }} as size_text,
        {{ sentence([
            '', metric_value_text('ranked.control_mean', 'ranked.metric_unit'),
            ' to ', metric_value_text('ranked.treatment_mean', 'ranked.metric_unit'),
        ]) }} as means_text,
        coalesce(
            {{ sentence([
                level ~ ' interval ', percent_text('ranked.relative_effect_lower'),
                ' to ', percent_text('ranked.relative_effect_upper'),
            ]) }},
            'the relative interval cannot be told'
        ) || case
            when experiments.is_running then '; always-valid '
            else '; '
        end || {{ p_value_text('ranked.decisive_p_value') }} as evidence_text
    from experiments
    left join failures on experiments.experiment_id = failures.experiment_id
    left join checks as first_failure
        on
            failures.experiment_id = first_failure.experiment_id
            and failures.first_failed_number = first_failure.check_number
    left join ranked on experiments.experiment_id = ranked.experiment_id and ranked.arm_number = 1

),

judged as (

    select
        *,
        case
            when failed_check_count > 0 then 'do not read'
            when decisive_p_value is null and is_running then 'keep running'
            when decisive_p_value is null then 'do not read'
            when decisive_p_value < {{ alpha }} and is_improved then 'ship'
            when decisive_p_value < {{ alpha }} then 'do not ship'
            when is_running then 'keep running'
            else 'no effect'
        end as verdict
    from told

),

named as (

    select
        *,
        upper(substring(verdict, 1, 1)) || substring(verdict, 2) as verdict_text
    from judged

),

fct_experiment_verdicts as (

    select
        experiment_id,
        metric,
        variant,
        verdict,
        case
            when failed_check_count > 1
                then {{ sentence([
                    'Do not read: ', 'first_failure', ' Further checks that failed: ', count_text('failed_check_count - 1'), '.',
                ]) }}
            when failed_check_count > 0 then {{ sentence(['Do not read: ', 'first_failure']) }}
            when decisive_p_value is null
                then {{ sentence([
                    '', 'verdict_text', ': ', "coalesce(untestable_reason, 'nobody was assigned')", '.',
                ]) }}
            when verdict in ('ship', 'do not ship')
                then {{ sentence([
                    '', 'verdict_text', ': ', 'variant', ' ', "case when is_raised then 'raises' else 'lowers' end", ' ',
                    'metric_label', '', "coalesce(' by ' || size_text, '')", ', from ', 'means_text', ' (', 'evidence_text', ').',
                ]) }}
            when verdict = 'keep running'
                then {{ sentence([
                    'Keep running: by day ', count_text('day_count'), ', ', 'metric_label', ' went from ', 'means_text',
                    ' with ', 'variant', ' (', 'evidence_text', ').',
                ]) }}
            else {{ sentence([
                'No effect', "coalesce(' larger than ' || " ~ percent_text('largest_relative_effect') ~ ", ' was found')",
                ': with ', 'variant', ', ', 'metric_label', ' went from ', 'means_text', ' (', 'evidence_text', ').',
            ]) }}
        end as verdict_sentence,
        decisive_p_value,
        relative_effect,
        relative_effect_lower,
        relative_effect_upper,
        cast(failed_check_count as bigint) as failed_check_count,
        cast(warned_check_count as bigint) as warned_check_count
    from named

)

select * from fct_experiment_verdicts
