with

targets as (

    select * from {{ ref('stg_planning__sales_targets') }}

),

day_numbers as (

    {{ dbt.generate_series(31) }}

),

days as (

    select
        targets.category,
        targets.target_net_sales_usd,
        cast(
            {{ dbt.dateadd('day', 'cast(day_numbers.generated_number as int) - 1', 'targets.month_start_date') }}
            as date
        ) as date_day,
        day_numbers.generated_number as day_number,
        extract(day from {{ dbt.last_day('targets.month_start_date', 'month') }}) as day_count
    from targets
    cross join day_numbers
    where day_numbers.generated_number <= extract(day from {{ dbt.last_day('targets.month_start_date', 'month') }})

),

-- The month's amount up to each day, less that up to the day before: the days of a month add up to it, to the cent.
accumulated as (

    select
        date_day,
        category,
        {{ usd('round(target_net_sales_usd * day_number / day_count, 2)') }} as until_day_usd,
        {{ usd('round(target_net_sales_usd * (day_number - 1) / day_count, 2)') }} as until_day_before_usd
    from days

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
