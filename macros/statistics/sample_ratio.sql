{#- A query: one row per group with the chi-square test of its counts against the weights that they were meant to have. -#}
{% macro sample_ratio(relation, count, weight, group_by=[]) -%}
    {%- set groups = group_by | join(", ") -%}
    {%- set within = "over (" ~ ("partition by " ~ groups if groups else "") ~ ")" -%}
    select
        {{ groups ~ "," if groups }}
        unit_count,
        arm_count,
        chi_square,
        degrees_of_freedom,
        {{ chi_square_sf("chi_square", "degrees_of_freedom") }} as p_value
    from (
        select
            {{ groups ~ "," if groups }}
            cast(sum(observed) as bigint) as unit_count,
            count(*) as arm_count,
            case when count(*) = count(observed) and count(*) = count(expected) and count(*) > 1
                then sum(power(observed - expected, 2) / expected)
            end as chi_square,
            case when count(*) > 1 then count(*) - 1 end as degrees_of_freedom
        from (
            select
                {{ groups ~ "," if groups }}
                observed,
                case when observed >= 0e0 and weighed > 0e0
                    then nullif(sum(observed) {{ within }}, 0e0) * weighed / sum(weighed) {{ within }}
                end as expected
            from (
                select
                    {{ groups ~ "," if groups }}
                    cast({{ count }} as double) as observed,
                    cast({{ weight }} as double) as weighed
                from {{ relation }}
            ) as arms
        ) as expected_arms
        {{ "group by " ~ groups if groups }}
    ) as tested
{%- endmacro %}
