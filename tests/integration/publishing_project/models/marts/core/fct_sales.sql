{{ config(materialized='incremental', unique_key='sale_id', incremental_strategy='delete+insert') }}

select * from {{ ref('int_sales_dated') }}
{% if is_incremental() %}
where sold_on >= (select max(sold_on) from {{ this }})
{% endif %}
