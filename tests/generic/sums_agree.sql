{#- The sum of an expression over the model equals, to the cent, the sum of another over another relation. An empty relation sums to 0. -#}
{% test sums_agree(model, expression, other, other_expression) %}
with

sums as (

    select
        (select coalesce(sum({{ expression }}), 0) from {{ model }}) as actual_sum,
        (select coalesce(sum({{ other_expression }}), 0) from {{ other }}) as expected_sum

)

select * from sums
where actual_sum <> expected_sum
{% endtest %}
