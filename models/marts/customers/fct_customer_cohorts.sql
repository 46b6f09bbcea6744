with

order_items as (

    select * from {{ ref('fct_order_items') }}
    where not is_cancelled

),

refunds as (

    select * from {{ ref('fct_refunds') }}
    where not is_cancelled

),

dates as (

    select * from {{ ref('dim_dates') }}

),

bounds as (

    select max(order_date) as last_order_date
    from order_items

),

months as (

    select
        dates.month_start_date,
        max(dates.date_day) <= max(bounds.last_order_date) as is_complete
    from dates
    cross join bounds
    where dates.month_start_date <= bounds.last_order_date
    group by dates.month_start_date

),

customers as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'min(order_date)') }} as date) as cohort_month_date
    from order_items
    where customer_id is not null
    group by customer_id

),

cohorts as (

    select
        cohort_month_date,
        count(*) as customer_count
    from customers
    group by cohort_month_date

),

dated_sales as (

    select
        order_items.customer_id,
        order_items.order_id,
        order_items.sales_usd,
        customers.cohort_month_date,
        cast({{ dbt.date_trunc('month', 'order_items.order_date') }} as date) as month_start_date
    from order_items
    inner join customers on order_items.customer_id = customers.customer_id

),

sold as (

    select
        cohort_month_date,
        month_start_date,
        count(distinct customer_id) as active_customer_count,
        count(distinct order_id) as order_count,
        sum(sales_usd) as sales_usd
    from dated_sales
    group by cohort_month_date, month_start_date

),

dated_refunds as (

    select
        refunds.refund_usd,
        customers.cohort_month_date,
        cast({{ dbt.date_trunc('month', 'refunds.refund_date') }} as date) as month_start_date
    from refunds
    inner join customers on refunds.customer_id = customers.customer_id

),

-- A refund that is dated before the cohort's first month counts in it, so that no cent is lost.
refunded as (

    select
        cohort_month_date,
        greatest(month_start_date, cohort_month_date) as month_start_date,
        sum(refund_usd) as refund_usd
    from dated_refunds
    group by cohort_month_date, greatest(month_start_date, cohort_month_date)

),

joined as (

    select
        cohorts.cohort_month_date,
        months.month_start_date,
        cohorts.customer_count,
        coalesce(sold.active_customer_count, 0) as active_customer_count,
        coalesce(sold.order_count, 0) as order_count,
        coalesce(sold.sales_usd, 0) as sales_usd,
        coalesce(refunded.refund_usd, 0) as refund_usd,
        months.is_complete
    from cohorts
    inner join months on cohorts.cohort_month_date <= months.month_start_date
    left join sold
        on
            cohorts.cohort_month_date = sold.cohort_month_date
            and months.month_start_date = sold.month_start_date
    left join refunded
        on
            cohorts.cohort_month_date = refunded.cohort_month_date
            and months.month_start_date = refunded.month_start_date

),

accumulated as (

    select
        *,
        sum(sales_usd - refund_usd) over (
            partition by cohort_month_date order by month_start_date
            rows between unbounded preceding and current row
        ) as cumulative_net_sales_usd
    from joined

),

fct_customer_cohorts as (

    select
        {{ surrogate_key(['cohort_month_date', 'month_start_date']) }} as customer_cohort_key,
        cast(
            {{ dbt.datediff('cohort_month_date', 'month_start_date', 'month') }}
            as bigint
        ) as month_number,
        cast(customer_count as bigint) as cohort_customer_count,
        cast(active_customer_count as bigint) as active_customer_count,
        cast(order_count as bigint) as order_count,
        {{ usd('sales_usd') }} as sales_usd,
        {{ usd('refund_usd') }} as refund_usd,
        {{ usd('sales_usd - refund_usd') }} as net_sales_usd,
        {{ usd('cumulative_net_sales_usd') }} as cumulative_net_sales_usd,
        is_complete,
        cohort_month_date,
        month_start_date
    from accumulated

)

select * from fct_customer_cohorts
