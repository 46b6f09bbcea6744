-- depends_on: {{ ref('assignments') if not raw_path() }}
with

source as (

    select * from {{ source('experiments', 'assignments') }}

),

cleaned as (

    select
        {{ clean_text('experiment_id') }} as experiment_id,
        {{ clean_text('unit_id') }} as unit_id,
        lower({{ clean_text('variant') }}) as variant,
        {{ clean_text('assigned_at') }} as assigned_at_text,
        {{ json_record(['experiment_id', 'unit_id', 'variant', 'assigned_at']) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_timestamp('assigned_at_text') }} as assigned_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('experiment_id'),
            missing('unit_id'),
            missing('variant'),
            invalid('assigned_at', 'timestamp'),
            missing('assigned_at'),
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
        {{ record_status(['experiment_id', 'unit_id', 'variant', 'assigned_at']) }} as record_status
    from numbered

),

base_experiments__assignments as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        experiment_id,
        unit_id,
        variant,
        assigned_at
    from ranked

)

select * from base_experiments__assignments
