with

int_experiment_records_rejected as (

    {%- for table, id in {
        'experiments': 'experiment_id', 'variants': 'experiment_id', 'assignments': 'unit_id',
    }.items() %}
    select
        record_key,
        'experiments' as source_system,
        '{{ table }}' as source_table,
        {{ id }} as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_experiments__' ~ table) }}
    where record_status = 'rejected'
    union all
    {%- endfor %}
    select
        received.record_key,
        'experiments' as source_system,
        'assignments' as source_table,
        received.unit_id as record_id,
        judged.rejected_column,
        judged.rejection_reason,
        received.source_record
    from {{ ref('base_experiments__assignments') }} as received
    inner join {{ ref('int_assignments_checked') }} as judged on received.record_key = judged.record_key
    where judged.rejection_reason is not null

)

select * from int_experiment_records_rejected
