{#-
    In each group of the model's rows, the sum of an expression is that of another over the other relation's rows of the same key, give or take the tolerance.
    A key that only one side has fails too.
-#}
{% test sums_agree_by_group(model, key, groups, expression, other, other_expression, tolerance=0) %}
with

actual as (

    select {{ ([key] + groups) | join(', ') }}, sum({{ expression }}) as actual_sum
    from {{ model }}
    group by {{ ([key] + groups) | join(', ') }}

),

expected as (

    select {{ key }}, sum({{ other_expression }}) as expected_sum
    from {{ other }}
    group by {{ key }}

)

select actual.*, expected.{{ key }} as expected_key, expected.expected_sum
from actual
full outer join expected on actual.{{ key }} = expected.{{ key }}
where not coalesce(abs(actual.actual_sum - expected.expected_sum) <= {{ tolerance }}, false)
{% endtest %}
