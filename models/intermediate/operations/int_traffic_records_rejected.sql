with

int_traffic_records_rejected as (

    {%- if has_system('web') %}

    select
        record_key,
        'web' as source_system,
        'events' as source_table,
        event_id as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_web__events') }}
    where record_status = 'rejected'
    {%- endif %}
    {%- if has_system('web') and has_system('ads') %}
    union all
    {%- endif %}
    {%- if has_system('ads') %}
    select
        base.record_key,
        'ads' as source_system,
        'ad_spend' as source_table,
        base.campaign as record_id,
        coalesce(base.rejected_column, converted.rejected_column) as rejected_column,
        coalesce(base.rejection_reason, converted.rejection_reason) as rejection_reason,
        base.source_record
    from {{ ref('base_ads__ad_spend') }} as base
    left join {{ ref('int_ad_spend_converted') }} as converted on base.record_key = converted.record_key
    where base.record_status = 'rejected' or converted.rejection_reason is not null
    {%- endif %}

)

select * from int_traffic_records_rejected
