{#- The validity ranges [from, to) of each key neither overlap nor leave a gap, and exactly the last one is open (null). -#}
{% test ranges_are_contiguous(model, key, valid_from, valid_to) %}
with

ranges as (

    select
        {{ key }} as range_key,
        {{ valid_from }} as range_start,
        {{ valid_to }} as range_end,
        lead({{ valid_from }}) over (partition by {{ key }} order by {{ valid_from }}) as next_start
    from {{ model }}

)

select * from ranges
where
    range_start >= range_end
    or (range_end is null and next_start is not null)
    or (range_end is not null and next_start is null)
    or range_end <> next_start
{% endtest %}
