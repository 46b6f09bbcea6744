{#- Each table's rejected rows in the published mart are those that staging judged so, and those that fit no other. -#}
with

shown as (

    select
        source_table,
        count(*) as row_count
    from {{ ref('fct_rejected_records') }}
    group by source_table

),

quarantined as (

    select
        source_table,
        count(*) as row_count
    from (
        select source_table from {{ ref('int_reference_records_rejected') }}
        union all
        select 'orders' as source_table from {{ ref('base_shop__orders') }}
        where record_status = 'rejected'
        union all
        select 'order_items' as source_table from {{ ref('base_shop__order_items') }}
        where record_status = 'rejected'
        union all
        select 'payments' as source_table from {{ ref('base_shop__payments') }}
        where record_status = 'rejected'
        union all
        select 'refunds' as source_table from {{ ref('base_shop__refunds') }}
        where record_status = 'rejected'
        union all
        select 'orders' as source_table from {{ ref('int_orders_checked') }}
        where rejection_reason is not null
        union all
        select 'order_items' as source_table
        from {{ ref('int_order_items_checked') }}
        where rejection_reason is not null
        union all
        select 'payments' as source_table from {{ ref('int_payments_checked') }}
        where rejection_reason is not null
        union all
        select 'refunds' as source_table from {{ ref('int_refunds_checked') }}
        where rejection_reason is not null
        {%- if has_system('web') %}
        union all
        select 'events' as source_table from {{ ref('base_web__events') }}
        where record_status = 'rejected'
        {%- endif %}
        {%- if has_system('ads') %}
        union all
        select 'ad_spend' as source_table from {{ ref('base_ads__ad_spend') }}
        where record_status = 'rejected'
        union all
        select 'ad_spend' as source_table from {{ ref('int_ad_spend_converted') }}
        where rejection_reason is not null
        {%- endif %}
        {%- if has_system('experiments') %}
        {%- for table in ['experiments', 'variants', 'assignments'] %}
        union all
        select '{{ table }}' as source_table from {{ ref('base_experiments__' ~ table) }}
        where record_status = 'rejected'
        {%- endfor %}
        union all
        select 'assignments' as source_table from {{ ref('int_assignments_checked') }}
        where rejection_reason is not null
        {%- endif %}
    ) as records
    group by source_table

)

select
    coalesce(shown.source_table, quarantined.source_table) as source_table,
    shown.row_count as shown_count,
    quarantined.row_count as quarantined_count
from shown
full outer join quarantined on shown.source_table = quarantined.source_table
where coalesce(shown.row_count, 0) <> coalesce(quarantined.row_count, 0)
