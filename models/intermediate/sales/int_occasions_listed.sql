{#- A coupon that nobody used for so many days begins anew, and one in use for more of them is no promotion. -#}
{%- set promotion_days = 31 -%}
{%- set promotion_orders = 10 -%}

with

holidays as (

    select * from {{ ref('holidays') }}

),

countries as (

    select * from {{ ref('countries') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

sold_to as (

    select distinct country_code
    from orders

),

observed as (

    select
        'holiday' as event_kind,
        holidays.holiday_name as event_name,
        'holidays' as source_model,
        holidays.country_code as source_id,
        countries.country_name,
        countries.region,
        holidays.holiday_date as first_date,
        holidays.holiday_date as last_date
    from holidays
    inner join sold_to on holidays.country_code = sold_to.country_code
    inner join countries on holidays.country_code = countries.country_code

),

coupon_days as (

    select
        coupon_code,
        order_date,
        count(*) as order_count,
        lag(order_date) over (partition by coupon_code order by order_date) as earlier_date
    from orders
    where coupon_code is not null
    group by coupon_code, order_date

),

coupon_runs as (

    select
        coupon_code,
        order_date,
        order_count,
        sum(
            case
                when {{ dbt.datediff('earlier_date', 'order_date', 'day') }}
                    <= {{ promotion_days }}
                    then 0
                else 1
            end
        ) over (
            partition by coupon_code order by order_date
            rows between unbounded preceding and current row
        ) as run_number
    from coupon_days

),

coupon_spans as (

    select
        coupon_code,
        sum(order_count) as order_count,
        min(order_date) as first_date,
        max(order_date) as last_date
    from coupon_runs
    group by coupon_code, run_number

),

promoted as (

    select
        'promotion' as event_kind,
        coupon_code as event_name,
        'fct_orders' as source_model,
        coupon_code as source_id,
        cast(null as {{ dbt.type_string() }}) as country_name,
        cast(null as {{ dbt.type_string() }}) as region,
        first_date,
        last_date
    from coupon_spans
    where
        order_count >= {{ promotion_orders }}
        and {{ dbt.datediff('first_date', 'last_date', 'day') }}
        < {{ promotion_days }}

),

int_occasions_listed as (

    select * from observed
    union all
    select * from promoted

)

select * from int_occasions_listed
