with

days as (

    select * from {{ ref('int_days_listed') }}

),

rates as (

    select * from {{ ref('stg_shop__exchange_rates') }}
    where currency_code <> 'USD'

),

ranges as (

    select
        currency_code,
        usd_per_unit,
        rate_date as valid_from,
        lead(rate_date) over (partition by currency_code order by rate_date) as valid_to
    from rates

),

foreign_rates as (

    select
        days.date_day as rate_date,
        ranges.currency_code,
        ranges.usd_per_unit
    from days
    inner join ranges
        on
            days.date_day >= ranges.valid_from
            and (days.date_day < ranges.valid_to or ranges.valid_to is null)

),

dollar_rates as (

    select
        date_day as rate_date,
        'USD' as currency_code,
        cast(1 as decimal(18, 8)) as usd_per_unit
    from days

),

all_rates as (

    select
        rate_date,
        currency_code,
        usd_per_unit
    from foreign_rates
    union all
    select
        rate_date,
        currency_code,
        usd_per_unit
    from dollar_rates

),

int_exchange_rates_filled as (

    select
        {{ surrogate_key(['rate_date', 'currency_code']) }} as exchange_rate_key,
        rate_date,
        currency_code,
        usd_per_unit
    from all_rates

)

select * from int_exchange_rates_filled
