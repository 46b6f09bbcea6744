with

orders as (

    select * from {{ ref('fct_orders') }}
    where is_sale

),

bounds as (

    select max(order_date) as data_end_date
    from orders

),

customers as (

    select
        customer_id,
        count(*) as order_count,
        sum(net_sales_usd) as net_sales_usd,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from orders
    where customer_id is not null
    group by customer_id

),

measured as (

    select
        customers.*,
        {{ dbt.datediff('customers.last_order_date', 'bounds.data_end_date', 'day') }}
            as recency_day_count
    from customers
    cross join bounds

),

-- Equal customers have the same number of worse ones, so ties are scored alike.
compared as (

    select
        *,
        count(*) over () as customer_count,
        rank() over (order by recency_day_count desc) - 1 as less_recent_count,
        rank() over (order by order_count) - 1 as less_frequent_count,
        rank() over (order by net_sales_usd) - 1 as less_valuable_count
    from measured

),

scored as (

    select
        *,
        cast(1 + floor(5.0e0 * less_recent_count / customer_count) as int) as recency_score,
        cast(1 + floor(5.0e0 * less_frequent_count / customer_count) as int) as frequency_score,
        cast(1 + floor(5.0e0 * less_valuable_count / customer_count) as int) as monetary_score
    from compared

),

accumulated as (

    select
        *,
        row_number() over (order by net_sales_usd desc, customer_id asc) as net_sales_rank_number,
        sum(net_sales_usd) over (
            order by net_sales_usd desc, customer_id asc
            rows between unbounded preceding and current row
        ) as cumulative_net_sales_usd,
        sum(net_sales_usd) over () as all_net_sales_usd
    from scored

),

dim_customer_segments as (

    select
        customer_id,
        case
            when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4 then 'champions'
            when recency_score >= 3 and frequency_score >= 4 then 'loyal'
            when recency_score <= 2 and (frequency_score >= 4 or monetary_score >= 4) then 'at risk'
            when recency_score >= 4 and order_count = 1 then 'newcomers'
            when recency_score >= 4 then 'promising'
            when recency_score = 3 then 'slipping'
            else 'lapsed'
        end as segment,
        cast(recency_day_count as bigint) as recency_day_count,
        cast(order_count as bigint) as order_count,
        {{ usd('net_sales_usd') }} as net_sales_usd,
        recency_score,
        frequency_score,
        monetary_score,
        cast(net_sales_rank_number as bigint) as net_sales_rank_number,
        {{ usd('cumulative_net_sales_usd') }} as cumulative_net_sales_usd,
        case
            when all_net_sales_usd > 0
                then cast(cumulative_net_sales_usd as double) / cast(all_net_sales_usd as double)
        end as cumulative_net_sales_rate,
        first_order_date,
        last_order_date
    from accumulated

)

select * from dim_customer_segments
