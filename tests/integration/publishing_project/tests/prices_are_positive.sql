select * from {{ ref('products_history') }} where price <= 0
