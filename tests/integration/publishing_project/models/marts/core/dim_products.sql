select product_id, price, dbt_valid_from as valid_from, dbt_valid_to as valid_to, '{{ invocation_id }}' as built_by
from {{ ref('products_history') }}
