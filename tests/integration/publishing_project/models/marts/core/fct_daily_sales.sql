select sold_on, sum(amount) as amount, count(*) as sale_count, '{{ invocation_id }}' as built_by
from {{ ref('fct_sales') }}
group by all
