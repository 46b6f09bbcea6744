with

customers as (

    select * from {{ ref('stg_shop__customers') }}

),

countries as (

    select * from {{ ref('countries') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}
    where customer_id is not null

),

orders_by_customer as (

    select
        customer_id,
        sum(case when is_sale then 1 else 0 end) as order_count,
        min(case when is_sale then order_date end) as first_order_date,
        max(case when is_sale then order_date end) as last_order_date
    from orders
    group by customer_id

),

joined as (

    select
        coalesce(customers.customer_id, orders_by_customer.customer_id) as customer_id,
        customers.country_code,
        customers.region as customer_region,
        customers.city,
        customers.is_marketing_opted_in,
        customers.customer_id is null as is_inferred,
        coalesce(orders_by_customer.order_count, 0) as order_count,
        orders_by_customer.first_order_date,
        orders_by_customer.last_order_date,
        customers.created_at,
        customers.updated_at
    from customers
    full outer join orders_by_customer on customers.customer_id = orders_by_customer.customer_id

),

dim_customers as (

    select
        joined.customer_id,
        joined.country_code,
        countries.country_name,
        coalesce(countries.region, 'Unknown') as region,
        joined.customer_region,
        joined.city,
        joined.is_marketing_opted_in,
        joined.is_inferred,
        cast(joined.order_count as bigint) as order_count,
        joined.first_order_date,
        joined.last_order_date,
        joined.created_at,
        joined.updated_at
    from joined
    left join countries on joined.country_code = countries.country_code

)

select * from dim_customers
