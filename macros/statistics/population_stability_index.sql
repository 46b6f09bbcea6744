{#- A query: one row per group with the population stability index of two distributions over the same bins. -#}
{% macro population_stability_index(relation, reference_count, current_count, group_by=[], smallest_share=0.0001) -%}
    {%- set groups = group_by | join(", ") -%}
    {%- set within = "over (" ~ ("partition by " ~ groups if groups else "") ~ ")" -%}
    {%- set smallest = "cast(" ~ smallest_share ~ " as double)" -%}
    select
        {{ groups ~ "," if groups }}
        cast(sum(reference) as bigint) as reference_count,
        cast(sum(latest) as bigint) as current_count,
        count(*) as bin_count,
        case when count(*) = count(reference_share) and count(*) = count(current_share)
            then sum((current_share - reference_share) * ln(current_share / reference_share))
        end as population_stability_index
    from (
        select
            {{ groups ~ "," if groups }}
            reference,
            latest,
            case
                when reference = 0e0 and sum(reference) {{ within }} > 0e0 then {{ smallest }}
                when reference > 0e0 then reference / sum(reference) {{ within }}
            end as reference_share,
            case
                when latest = 0e0 and sum(latest) {{ within }} > 0e0 then {{ smallest }}
                when latest > 0e0 then latest / sum(latest) {{ within }}
            end as current_share
        from (
            select
                {{ groups ~ "," if groups }}
                cast({{ reference_count }} as double) as reference,
                cast({{ current_count }} as double) as latest
            from {{ relation }}
        ) as bins
    ) as shares
    {{ "group by " ~ groups if groups }}
{%- endmacro %}
