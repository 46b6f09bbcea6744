with

int_reference_records_rejected as (

    select
        record_key,
        'shop' as source_system,
        'customers' as source_table,
        customer_id as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__customers') }}
    where record_status = 'rejected'
    union all
    select
        record_key,
        'shop' as source_system,
        'stores' as source_table,
        store_id as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__stores') }}
    where record_status = 'rejected'
    union all
    select
        record_key,
        'shop' as source_system,
        'products' as source_table,
        product_id as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__products') }}
    where record_status = 'rejected'
    union all
    select
        record_key,
        'shop' as source_system,
        'product_prices' as source_table,
        product_id as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__product_prices') }}
    where record_status = 'rejected'
    union all
    select
        record_key,
        'shop' as source_system,
        'exchange_rates' as source_table,
        currency_code as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_shop__exchange_rates') }}
    where record_status = 'rejected'
    {%- if has_system('planning') %}
    union all
    select
        record_key,
        'planning' as source_system,
        'sales_targets' as source_table,
        category as record_id,
        rejected_column,
        rejection_reason,
        source_record
    from {{ ref('base_planning__sales_targets') }}
    where record_status = 'rejected'
    {%- endif %}

)

select * from int_reference_records_rejected
