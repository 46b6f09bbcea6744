{#- A query: one row per group with the chi-square test that all its rows have one proportion of successes. -#}
{% macro homogeneity(relation, successes, n, group_by=[]) -%}
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
            cast(sum(units) as bigint) as unit_count,
            count(*) as arm_count,
            case when count(*) = count(part) and count(*) > 1 then sum(part) end as chi_square,
            case when count(*) > 1 then count(*) - 1 end as degrees_of_freedom
        from (
            select
                {{ groups ~ "," if groups }}
                units,
                case when units > 0e0 and converted between 0e0 and units
                    then
                        power(converted * all_units - units * all_converted, 2)
                        / units / nullif(all_converted * (all_units - all_converted), 0e0)
                end as part
            from (
                select
                    {{ groups ~ "," if groups }}
                    units,
                    converted,
                    sum(units) {{ within }} as all_units,
                    sum(converted) {{ within }} as all_converted
                from (
                    select
                        {{ groups ~ "," if groups }}
                        cast({{ n }} as double) as units,
                        cast({{ successes }} as double) as converted
                    from {{ relation }}
                ) as arms
            ) as pooled
        ) as parts
        {{ "group by " ~ groups if groups }}
    ) as tested
{%- endmacro %}
