{#- A query: one row per group with the two-sample Kolmogorov-Smirnov test; ties are counted together before they are compared. -#}
{% macro kolmogorov_smirnov(relation, value, is_current, group_by=[]) -%}
    {%- set groups = group_by | join(", ") -%}
    {%- set listed = groups ~ "," if groups else "" -%}
    {%- set within = "partition by " ~ groups if groups else "" -%}
    {%- set root = "sqrt(cast(reference_count as double) * current_count / (reference_count + current_count))" -%}
    select
        {{ listed }}
        reference_count,
        current_count,
        statistic,
        {{ kolmogorov_sf(root ~ " * statistic") }} as p_value
    from (
        select
            {{ listed }}
            cast(max(reference_count) as bigint) as reference_count,
            cast(max(current_count) as bigint) as current_count,
            max(abs(
                cast(current_until as double) / nullif(current_count, 0)
                - cast(reference_until as double) / nullif(reference_count, 0)
            )) as statistic
        from (
            select
                {{ listed }}
                sum(reference_here) over ({{ within }} order by observed) as reference_until,
                sum(current_here) over ({{ within }} order by observed) as current_until,
                sum(reference_here) over ({{ within }}) as reference_count,
                sum(current_here) over ({{ within }}) as current_count
            from (
                select
                    {{ listed }}
                    observed,
                    cast(sum(case when is_latest then 0 else 1 end) as bigint) as reference_here,
                    cast(sum(case when is_latest then 1 else 0 end) as bigint) as current_here
                from (
                    select
                        {{ listed }}
                        cast({{ value }} as double) as observed,
                        {{ is_current }} as is_latest
                    from {{ relation }}
                ) as observations
                where abs(observed) <= 1.7976931348623157e308 and is_latest is not null
                group by {{ listed }} observed
            ) as counted
        ) as cumulated
        {{ "group by " ~ groups if groups }}
    ) as compared
{%- endmacro %}
