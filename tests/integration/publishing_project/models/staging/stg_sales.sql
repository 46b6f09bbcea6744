select sale_id, product_id, sold_on, cast(amount as decimal(18, 2)) as amount
from {{ ref('raw_sales') }}
