with

days as (

    select * from {{ ref('int_days_listed') }}

),

dim_dates as (

    select
        date_day,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_start_date,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_start_date,
        cast({{ dbt.date_trunc('quarter', 'date_day') }} as date) as quarter_start_date,
        cast({{ dbt.date_trunc('year', 'date_day') }} as date) as year_start_date,
        cast(
            {{ dbt.datediff(dbt.date_trunc('week', 'date_day'), 'date_day', 'day') }}
            + 1 as int
        ) as day_of_week,
        cast(extract(month from date_day) as int) as month_of_year,
        {{ dbt.datediff(dbt.date_trunc('week', 'date_day'), 'date_day', 'day') }}
        >= 5 as is_weekend
    from days

)

select * from dim_dates
