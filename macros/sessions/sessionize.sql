{#-
    Every row of a relation of events, with the session that it belongs to.

    An event starts a session if it is the visitor's first, or by one of the options; every other event belongs to the session of the
    event before it. The inner query finds the starts, the outer one hands them down. The timeout is added to the earlier timestamp and
    compared with the later one, so that fractions of seconds count; counting the seconds between them would round.
-#}
{% macro sessionize(
    relation,
    visitor,
    at,
    event_id,
    timeout_seconds=1800,
    splits_at_timeout=true,
    splits_at_midnight=false,
    splits_on_change_of=none
) -%}
    {%- set in_order = "partition by " ~ visitor ~ " order by " ~ at ~ ", " ~ event_id -%}
    {%- set previous_at = "lag(" ~ at ~ ") over (" ~ in_order ~ ")" -%}
    {%- set until_now = in_order ~ " rows between unbounded preceding and current row" -%}
    {%- set until_before = in_order ~ " rows between unbounded preceding and 1 preceding" -%}
    (
        select
            {{ all_except(['starts_session']) }},
            {{ last_known("case when starts_session = 1 then " ~ event_id ~ " end", until_now) }} as session_id,
            cast(sum(starts_session) over ({{ until_now }}) as {{ dbt.type_bigint() }}) as session_number,
            row_number() over ({{ in_order }}) as event_number
        from (
            select
                *,
                case
                    when {{ previous_at }} is null then 1
                    when {{ at }} {{ '>=' if splits_at_timeout else '>' }} {{ previous_at }} + interval '{{ timeout_seconds }}' second then 1
                    {%- if splits_at_midnight %}
                    when cast({{ at }} as date) <> cast({{ previous_at }} as date) then 1
                    {%- endif %}
                    {%- if splits_on_change_of %}
                    when
                        {{ splits_on_change_of }} is not null
                        and coalesce({{ splits_on_change_of }} <> {{ last_known(splits_on_change_of, until_before) }}, true) then 1
                    {%- endif %}
                    else 0
                end as starts_session
            from {{ relation }}
        ) as events_with_starts
    )
{%- endmacro %}
