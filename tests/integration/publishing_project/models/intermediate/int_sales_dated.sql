select *, date_trunc('month', sold_on) as sold_in from {{ ref('stg_sales') }}
