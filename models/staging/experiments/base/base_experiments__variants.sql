-- depends_on: {{ ref('variants') if not raw_path() }}
with

source as (

    select * from {{ source('experiments', 'variants') }}

),

cleaned as (

    select
        {{ clean_text('experiment_id') }} as experiment_id,
        lower({{ clean_text('variant') }}) as variant,
        {{ clean_text('is_control') }} as is_control_text,
        {{ clean_text('allocation') }} as allocation_text,
        {{ json_record(['experiment_id', 'variant', 'is_control', 'allocation']) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_boolean('is_control_text') }} as is_control,
        {{ parse_decimal('allocation_text', 18, 6) }} as allocation
    from cleaned

),

compared as (

    select
        *,
        dense_rank() over (partition by experiment_id, is_control order by variant) as variant_number
    from typed

),

judged as (

    select
        *,
        {{ rejection([
            missing('experiment_id'),
            missing('variant'),
            invalid('is_control', 'boolean'),
            missing('is_control'),
            breaks('is_control', 'second_control', 'is_control and variant_number > 1'),
            invalid('allocation', 'number'),
            missing('allocation'),
            breaks('allocation', 'number_out_of_range', 'allocation <= 0 or allocation > 1'),
        ]) }}
    from compared

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
        {{ record_status(['experiment_id', 'variant']) }} as record_status
    from numbered

),

base_experiments__variants as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        experiment_id,
        variant,
        is_control,
        allocation
    from ranked

)

select * from base_experiments__variants
