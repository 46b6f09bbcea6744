with

rejected as (

    select * from {{ ref('int_reference_records_rejected') }}
    union all
    select * from {{ ref('int_order_records_rejected') }}
    {%- if has_system('web') or has_system('ads') %}
    union all
    select * from {{ ref('int_traffic_records_rejected') }}
    {%- endif %}
    {%- if has_system('experiments') %}
    union all
    select * from {{ ref('int_experiment_records_rejected') }}
    {%- endif %}

),

fct_rejected_records as (

    select
        record_key,
        source_system,
        source_table,
        record_id,
        rejection_reason,
        rejected_column,
        {{ mask_json('source_record', ['email', 'full_name']) }} as masked_record
    from rejected

)

select * from fct_rejected_records
