with

targets as (

    select * from {{ ref('stg_planning__sales_targets') }}

),

days as (

    select * from {{ ref('dim_dates') }}

),

numbered as (

    select
        date_day,
        month_start_date,
        row_number() over (partition by month_start_date order by date_day) as day_number,
        count(*) over (partition by month_start_date) as day_count
    from days

),

-- The month's amount up to each day, less that up to the day before: the days of a month add up to it, to the cent.
accumulated as (

    select
        numbered.date_day,
        targets.category,
        {{ usd('round(targets.target_net_sales_usd * numbered.day_number / numbered.day_count, 2)') }} as until_day_usd,
        {{ usd('round(targets.target_net_sales_usd * (numbered.day_number - 1) / numbered.day_count, 2)') }}
            as until_day_before_usd
    from targets
    inner join numbered on targets.month_start_date = numbered.month_start_date

),

fct_sales_targets as (

    select
        {{ surrogate_key(['date_day', 'category']) }} as sales_target_key,
        date_day as target_date,
        category,
        {{ usd('until_day_usd - until_day_before_usd') }} as target_net_sales_usd
    from accumulated

)

select * from fct_sales_targets
