{#- How often each state of the paths follows on each other one: from `(start)` over the channels to `(conversion)` or `(null)`. -#}
{% macro channel_transitions(relation, path, position, channel, has_conversion) -%}
    {%- set in_order = "over (partition by " ~ path ~ " order by " ~ position ~ ")" -%}
    (
        with

        steps as (

            select
                {{ channel }} as step_state,
                {{ has_conversion }} as has_conversion,
                lag({{ channel }}) {{ in_order }} as state_before,
                lead({{ channel }}) {{ in_order }} as state_after
            from {{ relation }}

        ),

        moves as (

            select
                coalesce(state_before, '(start)') as from_state,
                step_state as to_state
            from steps
            union all
            select
                step_state as from_state,
                case when has_conversion then '(conversion)' else '(null)' end as to_state
            from steps
            where state_after is null

        ),

        counted as (

            select
                from_state,
                to_state,
                count(*) as transition_count
            from moves
            group by from_state, to_state

        )

        select
            from_state,
            to_state,
            transition_count,
            transition_count * 1.0e0 / cast(sum(transition_count) over (partition by from_state) as bigint) as transition_rate
        from counted
    )
{%- endmacro %}
