{%- set alpha = var('experiment_alpha') %}
{%- set told_arms = 3 %}
{%- set unit_names = {'anonymous_id': 'visitors', 'customer_id': 'customers'} %}
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

metrics as (

    {{ metric_declarations() }}

),

arms as (

    select
        experiment_id,
        count(*) as arm_count,
        sum(case when is_control then 1 else 0 end) as control_count,
        sum(allocation_rate) as allocated_rate,
        sum(assigned_unit_count) as assigned_unit_count
    from {{ ref('fct_experiment_arms') }}
    group by experiment_id

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

compared as (

    select
        *,
        count(*) over (partition by experiment_id) as compared_count,
        {{ alpha }} / count(*) over (partition by experiment_id) as alpha_of_arm
    from results

),

-- While it runs somebody looks every day, so that only the always-valid p-value may decide.
decisive as (

    select
        compared.*,
        {{ not_above_one(
            'case when experiments.is_running then compared.always_valid_p_value else compared.p_value end'
            ~ ' * compared.compared_count'
        ) }} as decisive_p_value,
        experiments.is_running,
        {{ confidence_sequence_margin(
            'compared.relative_effect_se', 'compared.control_unit_count + compared.treatment_unit_count',
            'compared.alpha_of_arm', var('experiment_sequential_tuning')
        ) }} as always_valid_margin,
        abs({{ student_t_quantile('compared.alpha_of_arm / 2e0', 'compared.degrees_of_freedom') }})
        * compared.relative_effect_se as fixed_margin
    from compared
    inner join experiments on compared.experiment_id = experiments.experiment_id

),

bounded as (

    select
        *,
        relative_effect - case when is_running then always_valid_margin else fixed_margin end as lower_effect,
        relative_effect + case when is_running then always_valid_margin else fixed_margin end as upper_effect,
        coalesce(decisive_p_value < {{ alpha }}, false) as is_significant,
        coalesce((effect > 0) = is_more_better, false) as is_improved
    from decisive

),

-- A winner speaks before a loser, and a loser before those of which nothing is known.
ranked as (

    select
        *,
        row_number() over (
            partition by experiment_id
            order by
                case when is_significant and is_improved then 1 when is_significant then 2 else 3 end,
                coalesce(decisive_p_value, 2e0),
                variant
        ) as arm_number
    from bounded

),

phrased as (

    select
        *,
        ', ' || variant || case when effect > 0 then ' raises it' else ' lowers it' end as phrase
    from ranked
    where is_significant and arm_number > 1

),

others as (

    select
        experiment_id,
        {%- for number in range(told_arms) %}
        coalesce(max(case when arm_number = {{ number + 2 }} then phrase end), '') as phrase_{{ number }},
        {%- endfor %}
        case
            when count(*) > {{ told_arms }}
                then ', further arms that change it: ' || {{ count_text('count(*) - ' ~ told_arms) }}
            else ''
        end as further_text
    from phrased
    group by experiment_id

),

told as (

    select
        experiments.experiment_id,
        experiments.primary_metric as metric,
        ranked.variant,
        lower(metrics.metric_label) as metric_label,
        experiments.is_running,
        experiments.started_at > experiments.observed_until_at as is_planned,
        experiments.day_count,
        cast(cast(experiments.started_at as date) as {{ dbt.type_string() }}) as start_text,
        coalesce(
            {%- for number in range(told_arms) %}
            others.phrase_{{ number }} ||
            {%- endfor %}
            others.further_text,
            ''
        ) as others_text,
        case
            when coalesce(arms.arm_count, 0) < 2 then 'it has fewer than two arms'
            when arms.control_count = 0 then 'it has no control arm'
            when abs(arms.allocated_rate - 1) > 0.01 then 'the planned shares of its arms do not sum to 100%'
            {%- for metric in experiment_metrics() if metric.assigned | length == 1 %}
            when experiments.primary_metric = '{{ metric.name }}' and experiments.unit <> '{{ metric.assigned[0] }}'
                then lower(metrics.metric_label) || ' is measured only for {{ unit_names[metric.assigned[0]] }}'
            {%- endfor %}
        end as misdeclared_reason,
        case
            when coalesce(arms.assigned_unit_count, 0) = 0 then 'nobody was assigned'
            else 'no unit could be measured yet, or all are left out'
        end as unmeasured_reason,
        failures.failed_check_count,
        failures.warned_check_count,
        lower(substring(first_failure.explanation, 1, 1)) || substring(first_failure.explanation, 2) as first_failure,
        ranked.untestable_reason,
        ranked.decisive_p_value,
        ranked.relative_effect,
        ranked.lower_effect as relative_effect_lower,
        ranked.upper_effect as relative_effect_upper,
        ranked.effect > 0 as is_raised,
        ranked.is_significant,
        ranked.is_improved,
        case
            when abs(ranked.lower_effect) > abs(ranked.upper_effect) then abs(ranked.lower_effect)
            else abs(ranked.upper_effect)
        end as largest_relative_effect,
        {{ percent_text('abs(ranked.relative_effect)') }} as size_text,
        {{ sentence([
            '', metric_value_text('ranked.control_mean', 'ranked.metric_unit'),
            ' to ', metric_value_text('ranked.treatment_mean', 'ranked.metric_unit'),
        ]) }} as means_text,
        coalesce(
            {{ sentence([
                '', "replace(" ~ percent_text('1e0 - ranked.alpha_of_arm') ~ ", '.0%', '%')",
                ' ', "case when experiments.is_running then 'always-valid ' else '' end",
                'interval ', percent_text('ranked.lower_effect'), ' to ', percent_text('ranked.upper_effect'),
            ]) }},
            'the relative interval cannot be told'
        ) || case
            when experiments.is_running then '; always-valid '
            else '; '
        end || {{ p_value_text('ranked.decisive_p_value') }} || case
            when ranked.compared_count > 1
                then {{ sentence([', corrected for ', count_text('ranked.compared_count'), ' arms']) }}
            else ''
        end as evidence_text
    from experiments
    inner join metrics on experiments.primary_metric = metrics.metric
    left join arms on experiments.experiment_id = arms.experiment_id
    left join others on experiments.experiment_id = others.experiment_id
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
            when misdeclared_reason is not null then 'do not read'
            when is_planned then 'keep running'
            when failed_check_count > 0 then 'do not read'
            when decisive_p_value is null and is_running then 'keep running'
            when decisive_p_value is null then 'do not read'
            when is_significant and is_improved then 'ship'
            when is_significant then 'do not ship'
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
            when misdeclared_reason is not null then {{ sentence(['Do not read: ', 'misdeclared_reason', '.']) }}
            when is_planned then {{ sentence(['Not begun: it starts on ', 'start_text', '.']) }}
            when failed_check_count > 1
                then {{ sentence([
                    'Do not read: ', 'first_failure', ' Further checks that failed: ', count_text('failed_check_count - 1'), '.',
                ]) }}
            when failed_check_count > 0 then {{ sentence(['Do not read: ', 'first_failure']) }}
            when decisive_p_value is null
                then {{ sentence([
                    '', 'verdict_text', ': ', "coalesce(untestable_reason, unmeasured_reason)", '.',
                ]) }}
            when verdict in ('ship', 'do not ship')
                then {{ sentence([
                    '', 'verdict_text', ': ', 'variant', ' ', "case when is_raised then 'raises' else 'lowers' end", ' ',
                    'metric_label', '', "coalesce(' by ' || size_text, '')", ', from ', 'means_text', ' (', 'evidence_text',
                    ')', 'others_text', '.',
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
