{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

select sale_id, amount, '{{ invocation_id }}' as arrived_with from {{ ref('stg_sales') }}
{% if is_incremental() %}
where sale_id not in (select sale_id from {{ this }})
{% endif %}
