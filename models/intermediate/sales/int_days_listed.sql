with

orders as (

    select * from {{ ref('stg_shop__orders') }}

),

bounds as (

    select
        {{ dbt.date_trunc('year', 'min(ordered_at)') }} as first_day,
        {{ dbt.dateadd('year', 2, dbt.date_trunc('year', 'max(ordered_at)')) }} as end_day
    from orders

),

numbers as (

    {{ dbt.generate_series(75000) }}

),

int_days_listed as (

    select
        cast({{ dbt.dateadd('day', 'cast(numbers.generated_number as int) - 1', 'bounds.first_day') }} as date)
            as date_day
    from bounds
    cross join numbers
    where {{ dbt.dateadd('day', 'cast(numbers.generated_number as int) - 1', 'bounds.first_day') }} < bounds.end_day

)

select * from int_days_listed
