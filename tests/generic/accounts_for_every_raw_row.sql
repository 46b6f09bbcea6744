{#-
    Each raw row is the source of a staging row, a duplicate of one, or rejected. Fails with a line for each sum that does not hold.
-#}
{% test accounts_for_every_raw_row(model, raw, judged, key, judged_key=none) %}
with

counts as (

    select
        (select count(*) from {{ raw }}) as raw_rows,
        (select count(*) from {{ judged }}) as judged_rows,
        (select count(*) from {{ judged }} where record_status = 'accepted') as accepted_rows,
        (select count(*) from {{ judged }} where record_status = 'rejected' and rejection_reason is not null) as rejected_rows,
        (select count(*) from {{ judged }} where record_status = 'duplicate') as duplicate_rows,
        (select count(*) from {{ model }}) as staging_rows

),

orphans as (

    select count(*) as orphan_rows
    from {{ judged }} as duplicates
    left join {{ model }} as kept
        on {% for column in key %}{{ 'and ' if not loop.first }}duplicates.{{ (judged_key or key)[loop.index0] }} = kept.{{ column }}
        {% endfor %}
    where duplicates.record_status = 'duplicate' and kept.{{ key[0] }} is null

)

select *
from counts
cross join orphans
where
    raw_rows <> judged_rows
    or judged_rows <> accepted_rows + rejected_rows + duplicate_rows
    or accepted_rows <> staging_rows
    or orphan_rows > 0
{% endtest %}
