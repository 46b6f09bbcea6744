{%- set categories = ['Bathroom', 'Bedroom', 'Decor', 'Dining', 'Kitchen', 'Lighting', 'Storage', 'Textiles'] %}
{%- set regressors = [] %}
{%- for category in categories %}
{%- do regressors.append('price_' ~ category | lower) %}
{%- endfor %}
with

items as (

    select * from {{ ref('fct_order_items') }}
    where not is_cancelled

),

prices as (

    select
        *,
        avg(cast(list_price as double)) over (partition by product_id) as usual_price
    from {{ ref('dim_product_prices') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

span as (

    select
        min(order_date) as first_date,
        max(order_date) as last_date
    from items

),

months as (

    select
        {{ dbt.date_trunc('month', 'dates.date_day') }} as month_date,
        count(*) as day_count
    from dates
    cross join span
    where dates.date_day between span.first_date and span.last_date
    group by {{ dbt.date_trunc('month', 'dates.date_day') }}

),

-- The price of the month is the mean of its days' list prices; a day has that of its last second.
price_days as (

    select
        prices.product_id,
        {{ dbt.date_trunc('month', 'dates.date_day') }} as month_date,
        avg(cast(prices.list_price as double)) as list_price,
        count(*) as day_count
    from prices
    cross join span
    inner join dates
        on
            dates.date_day between span.first_date and span.last_date
            and prices.valid_from < {{ dbt.dateadd('day', 1, 'dates.date_day') }}
            and coalesce(prices.valid_to >= {{ dbt.dateadd('day', 1, 'dates.date_day') }}, true)
    -- Below half of the usual price it is a mistake in the list, and its month is not known.
    where prices.list_price > 0.5e0 * prices.usual_price
    group by prices.product_id, {{ dbt.date_trunc('month', 'dates.date_day') }}

),

priced as (

    select
        price_days.product_id,
        price_days.month_date,
        price_days.list_price,
        count(*) over (partition by price_days.product_id) as month_count
    from price_days
    inner join months on price_days.month_date = months.month_date and price_days.day_count = months.day_count

),

sold as (

    select
        product_id,
        {{ dbt.date_trunc('month', 'order_date') }} as month_date,
        sum(unit_count) as unit_count
    from items
    group by product_id, {{ dbt.date_trunc('month', 'order_date') }}

),

-- Products whose price is known on every day, so that each has every month.
product_months as (

    select
        priced.product_id,
        products.category,
        priced.month_date,
        ln(priced.list_price) as log_price,
        coalesce(sold.unit_count, 0) * 1e0 as unit_count,
        avg(coalesce(sold.unit_count, 0) * 1e0) over (partition by priced.product_id) as usual_count
    from priced
    inner join products on priced.product_id = products.product_id and not products.is_inferred
    left join sold on priced.product_id = sold.product_id and priced.month_date = sold.month_date
    where priced.month_count = (select count(*) from months)

),

-- Units as a multiple of the product's usual month: a month without a sale counts, as its logarithm could not.
relative as (

    select
        *,
        unit_count / usual_count as demand
    from product_months
    where usual_count > 0

),

-- Less the product's own mean and that of its category in the month: what is left is neither of the two.
within_both as (

    select
        product_id,
        category,
        demand
        - avg(demand) over (partition by product_id)
        - avg(demand) over (partition by category, month_date)
        + avg(demand) over (partition by category) as demand,
        log_price
        - avg(log_price) over (partition by product_id)
        - avg(log_price) over (partition by category, month_date)
        + avg(log_price) over (partition by category) as log_price
    from relative

),

by_category as (

    select
        *,
        {%- for slope in regressors %}
        case when 'price_' || lower(category) = '{{ slope }}' then log_price else 0e0 end as {{ slope }},
        {%- endfor %}
        category
    from within_both

),

overall as (

    {{ linear_regression('within_both', 'demand', ['log_price'], 'clustered', 'product_id') }}

),

each_category as (

    {{ linear_regression('by_category', 'demand', regressors, 'clustered', 'product_id') }}

),

slopes as (

    select * from each_category
    where term_number > 0

),

corrected as (

    {{ adjusted_p_values('slopes', 'p_value', '', 'term') }}

),

counted as (

    select
        category,
        count(distinct product_id) as product_count
    from relative
    group by category
    union all
    select
        'All' as category,
        count(distinct product_id) as product_count
    from relative

),

found as (

    select
        0 as place,
        'All' as category,
        estimate,
        lower,
        upper,
        p_value,
        p_value as adjusted_p_value
    from overall
    where term = 'log_price'
    {%- for category in categories %}
    union all
    select
        {{ loop.index }} as place,
        '{{ category }}' as category,
        estimate,
        lower,
        upper,
        p_value,
        p_holm as adjusted_p_value
    from corrected
    where term = '{{ regressors[loop.index0] }}'
    {%- endfor %}

)

select
    found.category,
    counted.product_count,
    found.estimate as elasticity,
    found.lower as elasticity_lower,
    found.upper as elasticity_upper,
    found.p_value,
    found.adjusted_p_value
from found
inner join counted on found.category = counted.category
order by found.place
