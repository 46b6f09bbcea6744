-- depends_on: {{ ref('experiments') if not raw_path() }}
with

source as (

    select * from {{ source('experiments', 'experiments') }}

),

cleaned as (

    select
        {{ clean_text('experiment_id') }} as experiment_id,
        {{ clean_text('experiment_name') }} as experiment_name,
        {{ clean_text('hypothesis') }} as hypothesis,
        {{ clean_text('owner') }} as owner,
        lower({{ clean_text('unit') }}) as unit,
        lower({{ clean_text('primary_metric') }}) as primary_metric,
        {{ clean_text('started_at') }} as started_at_text,
        {{ clean_text('ended_at') }} as ended_at_text,
        {{ json_record([
            'experiment_id', 'experiment_name', 'hypothesis', 'owner', 'unit', 'primary_metric', 'started_at', 'ended_at',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_timestamp('started_at_text') }} as started_at,
        {{ parse_timestamp('ended_at_text') }} as ended_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('experiment_id'),
            missing('experiment_name'),
            missing('unit'),
            unknown_value('unit', ['anonymous_id', 'customer_id']),
            missing('primary_metric'),
            breaks('primary_metric', 'unknown_metric', declared_metric('primary_metric') ~ ' is null'),
            invalid('started_at', 'timestamp'),
            missing('started_at'),
            invalid('ended_at', 'timestamp'),
            breaks('ended_at', 'ends_before_start', 'ended_at < started_at'),
        ]) }}
    from typed

),

numbered as (

    select
        *,
        row_number() over (partition by source_record order by source_record) as copy_number
    from judged

),

ranked as (

    select
        *,
        {{ record_status(['experiment_id']) }} as record_status
    from numbered

),

base_experiments__experiments as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        experiment_id,
        experiment_name,
        hypothesis,
        owner,
        unit,
        primary_metric,
        started_at,
        ended_at
    from ranked

)

select * from base_experiments__experiments
