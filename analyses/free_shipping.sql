{%- set treated_region = 'England' %}
{%- set first_day = '2025-10-06' %}
{%- set placebo_day = '2025-02-17' %}
{%- set studies = {
    'against each region, by region': {'rows': 'region_weeks', 'post': 'is_after', 'cluster': 'region'},
    'against each region, by period': {'rows': 'region_weeks', 'post': 'is_after', 'cluster': 'period_number'},
    'against all of them together, by period': {'rows': 'pooled_weeks', 'post': 'is_after', 'cluster': 'period_number'},
    'placebo: half of the time before': {
        'rows': '(select * from region_weeks where not is_after) as weeks_before',
        'post': 'is_after_placebo',
        'cluster': 'period_number',
    },
} %}
with

orders as (

    select * from {{ ref('fct_orders') }}
    where is_sale

),

customers as (

    select * from {{ ref('dim_customers') }}
    where customer_region is not null

),

stores as (

    select * from {{ ref('dim_stores') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

span as (

    select
        min(order_date) as first_date,
        max(order_date) as last_date,
        cast('{{ first_day }}' as date) as began_on
    from orders

),

-- A store that opens takes online orders from its region: those regions are no comparison.
disturbed as (

    select distinct customers.customer_region
    from customers
    inner join stores on customers.city = stores.city and customers.country_code = stores.country_code
    cross join span
    where stores.opened_on > span.first_date

),

regions as (

    select distinct
        customers.customer_region as region,
        customers.customer_region = '{{ treated_region }}' as is_treated
    from customers
    left join disturbed on customers.customer_region = disturbed.customer_region
    where disturbed.customer_region is null or customers.customer_region = '{{ treated_region }}'

),

-- Whole weeks, from the day of the week on which the policy began.
days_known as (

    select
        dates.date_day,
        span.began_on
    from dates
    cross join span
    where
        span.first_date <= dates.date_day
        and {{ dbt.dateadd('day', 6, 'dates.date_day') }} <= span.last_date

),

weeks as (

    select
        {{ dbt.datediff('began_on', 'date_day', 'day') }} as days_in,
        date_day as week_date
    from days_known

),

whole_weeks as (

    select
        week_date,
        days_in >= 0 as is_after,
        week_date >= cast('{{ placebo_day }}' as date) as is_after_placebo,
        floor(days_in / 28e0) as period_number
    from weeks
    where days_in % 7 = 0

),

online_orders as (

    select
        customers.customer_region as region,
        orders.order_id,
        orders.order_date
    from orders
    inner join customers on orders.customer_id = customers.customer_id
    inner join stores on orders.store_id = stores.store_id
    where stores.store_type = 'online'

),

counted as (

    select
        regions.region,
        regions.is_treated,
        whole_weeks.is_after,
        whole_weeks.is_after_placebo,
        whole_weeks.period_number,
        whole_weeks.week_date,
        count(online_orders.order_id) as order_count
    from regions
    cross join whole_weeks
    left join online_orders
        on
            regions.region = online_orders.region
            and online_orders.order_date between whole_weeks.week_date
            and {{ dbt.dateadd('day', 6, 'whole_weeks.week_date') }}
    group by
        regions.region,
        regions.is_treated,
        whole_weeks.is_after,
        whole_weeks.is_after_placebo,
        whole_weeks.period_number,
        whole_weeks.week_date

),

-- Regions differ in size: a week counts as a multiple of the region's usual one before the policy.
region_weeks as (

    select
        *,
        avg(case when not is_after then order_count * 1e0 end) over (partition by region) as usual_count,
        order_count / avg(case when not is_after then order_count * 1e0 end) over (partition by region) as order_index
    from counted

),

grouped as (

    select
        is_treated,
        is_after,
        is_after_placebo,
        period_number,
        week_date,
        sum(order_count) as order_count
    from counted
    group by is_treated, is_after, is_after_placebo, period_number, week_date

),

pooled_weeks as (

    select
        *,
        order_count
        / avg(case when not is_after then order_count * 1e0 end) over (partition by is_treated) as order_index
    from grouped

),

{%- for study in studies.values() %}

study_{{ loop.index }} as (

    {{ difference_in_differences(study.rows, 'order_index', 'is_treated', study.post, 'clustered', study.cluster) }}

),
{%- endfor %}

told as (

    {%- for name in studies %}
    select
        {{ loop.index }} as study_number,
        '{{ name }}' as study,
        sum(case when term = 'difference_in_differences' then estimate end) as estimate,
        sum(case when term = 'difference_in_differences' then lower end) as estimate_lower,
        sum(case when term = 'difference_in_differences' then upper end) as estimate_upper,
        sum(case when term = 'difference_in_differences' then p_value end) as p_value,
        sum(case when term <> 'difference_in_differences' then estimate end) as index_without
    from study_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

usual as (

    select max(usual_count) as usual_count
    from region_weeks
    where is_treated

),

compared as (

    select count(*) as region_count
    from regions
    where not is_treated

)

select
    told.study_number,
    told.study,
    compared.region_count,
    told.index_without * usual.usual_count as weekly_orders_without,
    told.estimate * usual.usual_count as weekly_orders_gained,
    told.estimate_lower * usual.usual_count as weekly_orders_gained_lower,
    told.estimate_upper * usual.usual_count as weekly_orders_gained_upper,
    told.estimate / told.index_without as relative_effect,
    told.estimate_lower / told.index_without as relative_effect_lower,
    told.estimate_upper / told.index_without as relative_effect_upper,
    told.p_value
from told
cross join usual
cross join compared
order by told.study_number
