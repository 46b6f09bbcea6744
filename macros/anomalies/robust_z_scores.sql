{#-
    A query: one row per row of a relation, and how far its value lies from those of some days before: 7, 14, … days for a weekday's own history. What is judged
    is never part of what it is judged by. What lies long past can also be judged by days after it.
-#}
{% macro robust_z_scores(
    relation, value, day, partition_by=[], every_days=7, lookback_count=8, least_count=6, lookahead_count=0, can_judge="true"
) -%}
    {%- set keys = partition_by + [day] -%}
    {%- set same = [] -%}
    {%- for column in partition_by -%}
        {%- do same.append("judged." ~ column ~ " = history." ~ column) -%}
    {%- endfor -%}
    with

    robust_days as (

        select
            {{ keys | join(", ") }},
            cast({{ value }} as double) as observed,
            {{ can_judge }} as can_judge
        from {{ relation }}

    ),

    robust_history as (

        select
            {%- for column in keys %}
            judged.{{ column }},
            {%- endfor %}
            history.observed,
            median(history.observed) over (partition by {% for column in keys %}judged.{{ column }}{{ ", " if not loop.last }}{% endfor %}) as history_median
        from robust_days as judged
        inner join robust_days as history
            on
                {%- for condition in same %}
                {{ condition }} and
                {%- endfor %}
                history.{{ day }} >= cast({{ dbt.dateadd("day", -every_days * lookback_count, "judged." ~ day) }} as date)
                and history.{{ day }} <= cast({{ dbt.dateadd("day", every_days * lookahead_count, "judged." ~ day) }} as date)
                and history.{{ day }} <> judged.{{ day }}
                {%- if every_days > 1 %}
                and mod({{ dbt.datediff("history." ~ day, "judged." ~ day, "day") }}, {{ every_days }}) = 0
                {%- endif %}
        where history.observed is not null and history.can_judge

    ),

    robust_spreads as (

        select
            {{ keys | join(", ") }},
            count(*) as history_count,
            max(history_median) as history_median,
            median(abs(observed - history_median)) as median_absolute_deviation,
            avg(abs(observed - history_median)) as mean_absolute_deviation
        from robust_history
        group by {{ keys | join(", ") }}

    )

    select
        {%- for column in keys %}
        robust_days.{{ column }},
        {%- endfor %}
        robust_days.observed as {{ value }},
        coalesce(robust_spreads.history_count, 0) as history_count,
        robust_spreads.history_median,
        robust_spreads.median_absolute_deviation,
        robust_spreads.mean_absolute_deviation,
        case when robust_spreads.history_count >= {{ least_count }}
            then {{ robust_z(
                "robust_days.observed",
                "robust_spreads.history_median",
                "robust_spreads.median_absolute_deviation",
                "robust_spreads.mean_absolute_deviation",
            ) }}
        end as robust_z
    from robust_days
    left join robust_spreads
        on {% for column in keys %}robust_days.{{ column }} = robust_spreads.{{ column }}{{ " and " if not loop.last }}{% endfor %}
{%- endmacro %}
