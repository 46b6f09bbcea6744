-- The Complete Journey as the raw contract's `shop` tables, in DuckDB's SQL. README.md explains each decision.
-- Variables: `data`, the folder of the package's Parquet files; `out`, the folder that receives `<table>.parquet`.

-- Amounts are stored as floating-point numbers that lie within 1e-14 of a cent.
create temporary view lines as
select
    cast(household_id as varchar) as customer_id,
    cast(store_id as varchar) as store_id,
    cast(basket_id as varchar) as order_id,
    cast(product_id as varchar) as product_id,
    quantity,
    cast(sales_value as decimal(18, 2)) as sales_amount,
    cast(retail_disc as decimal(18, 2)) + cast(coupon_match_disc as decimal(18, 2)) as discount_amount,
    transaction_timestamp as ordered_at
from read_parquet(getvariable('data') || '/transactions.parquet');

-- A household and a store exist for us from their first basket on.
copy (
    select
        customer_id,
        min(ordered_at) as created_at,
        min(ordered_at) as updated_at
    from lines
    group by customer_id
    order by customer_id
) to (getvariable('out') || '/customers.parquet');

copy (
    select
        store_id,
        'Store ' || store_id as store_name,
        'retail' as store_type,
        'US' as country_code,
        cast(min(ordered_at) as date) as opened_on
    from lines
    group by store_id
    order by store_id
) to (getvariable('out') || '/stores.parquet');

-- The package's product list has no dates: it stands from the first day of the data.
copy (
    select
        cast(product_id as varchar) as product_id,
        coalesce(product_type, product_category, department) as product_name,
        department as category,
        product_category as subcategory,
        true as is_active,
        timestamp '2017-01-01' as created_at,
        timestamp '2017-01-01' as updated_at
    from read_parquet(getvariable('data') || '/products.parquet')
    order by product_id
) to (getvariable('out') || '/products.parquet');

-- Every line of a basket carries the same household, store and time.
copy (
    select distinct
        order_id,
        customer_id,
        store_id,
        'completed' as order_status,
        'USD' as currency_code,
        ordered_at,
        ordered_at as updated_at
    from lines
    order by ordered_at, order_id
) to (getvariable('out') || '/orders.parquet');

-- A basket holds a product once. The price has 8 decimals, for quantities reach 89,638 (fuel, in thousandths of a gallon) and
-- quantity × price has to round to the very cent. Without a quantity the price is the whole amount, so that a rejected line shows its money.
copy (
    select
        order_id || '-' || product_id as order_item_id,
        order_id,
        product_id,
        quantity,
        cast((sales_amount + discount_amount) / greatest(quantity, 1) as decimal(18, 8)) as unit_price,
        discount_amount
    from lines
    order by ordered_at, order_id, product_id
) to (getvariable('out') || '/order_items.parquet');

-- What the package does not know, the warehouse does not learn: these four have columns and no rows.
copy (
    select
        null::varchar as product_id,
        null::timestamp as effective_at,
        null::decimal(18, 2) as unit_cost,
        null::decimal(18, 2) as list_price,
        null::varchar as currency_code
    limit 0
) to (getvariable('out') || '/product_prices.parquet');

copy (
    select
        null::varchar as payment_id,
        null::varchar as order_id,
        null::varchar as payment_method,
        null::varchar as payment_status,
        null::decimal(18, 2) as amount,
        null::timestamp as processed_at
    limit 0
) to (getvariable('out') || '/payments.parquet');

copy (
    select
        null::varchar as refund_id,
        null::varchar as order_item_id,
        null::bigint as quantity,
        null::decimal(18, 2) as amount,
        null::varchar as reason,
        null::timestamp as refunded_at
    limit 0
) to (getvariable('out') || '/refunds.parquet');

copy (
    select
        null::date as rate_date,
        null::varchar as currency_code,
        null::decimal(18, 8) as usd_per_unit
    limit 0
) to (getvariable('out') || '/exchange_rates.parquet');
