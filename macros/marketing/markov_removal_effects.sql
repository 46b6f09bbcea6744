{#-
    By how much fewer conversions an absorbing Markov chain has without each of its channels, solved exactly.

    A channel's removal sends all visits of it to `(null)`; so what is lost is what passes through it: the probability of ever reaching it, times that of a
    conversion from there. Per channel, all others are eliminated one after another (censoring: what enters a state leaves it in proportion to its
    exits), until only the start and the channel are left. Nothing is subtracted on the way (Grassmann, Taksar and Heyman 1985), so small effects keep their digits.
    Each elimination is a step of its own; its sums have a total order, so that they come out the same in every run.
-#}
{% macro markov_removal_effects(transitions, states) -%}
    (
        with

        states as (

            {% for state in states -%}
            select '{{ state }}' as state
            {{ 'union all' if not loop.last }}
            {% endfor %}

        ),

        origins as (

            select state from states
            union all
            select '(start)' as state

        ),

        targets as (

            select state from states
            union all
            select '(conversion)' as state
            union all
            select '(null)' as state

        ),

        chain_0 as (

            select
                kept.state as kept_state,
                origins.state as from_state,
                targets.state as to_state,
                coalesce(transitions.transition_rate, 0.0e0) as rate
            from states as kept
            cross join origins
            cross join targets
            left join {{ transitions }} as transitions
                on origins.state = transitions.from_state and targets.state = transitions.to_state

        ),

        {% for state in states -%}
        chain_{{ loop.index }} as (

            {{ state_eliminated('chain_' ~ loop.index0, state) }}

        ),

        {% endfor -%}
        remaining as (

            select
                kept_state,
                max(case when from_state = '(start)' and to_state = kept_state then rate end) as reaching_rate,
                max(case when from_state = '(start)' and to_state = '(conversion)' then rate end) as passing_rate,
                max(case when from_state = kept_state and to_state = '(conversion)' then rate end) as converting_rate,
                max(case when from_state = kept_state and to_state = '(null)' then rate end) as leaving_rate
            from chain_{{ states | length }}
            group by kept_state

        ),

        solved as (

            select
                kept_state as state,
                passing_rate,
                coalesce(reaching_rate * converting_rate / nullif(converting_rate + leaving_rate, 0), 0) as lost_rate
            from remaining

        )

        select
            state,
            coalesce(lost_rate / nullif(passing_rate + lost_rate, 0), 0) as removal_effect_rate,
            passing_rate + lost_rate as conversion_rate
        from solved
    )
{%- endmacro %}

{#- The chain without one state, whose transitions pass to the others; it stays where it is the one to keep. -#}
{% macro state_eliminated(chain, state) -%}
    {%- set whole = "rows between unbounded preceding and unbounded following" -%}
            select
                kept_state,
                from_state,
                to_state,
                case
                    when kept_state = '{{ state }}' then rate
                    else rate + coalesce(entering_rate * exiting_rate / nullif(all_exits_rate, 0), 0)
                end as rate
            from (
                select
                    *,
                    max(case when to_state = '{{ state }}' then rate end)
                        over (partition by kept_state, from_state) as entering_rate,
                    max(case when from_state = '{{ state }}' then rate end)
                        over (partition by kept_state, to_state) as exiting_rate,
                    sum(case when from_state = '{{ state }}' and to_state <> '{{ state }}' then rate end)
                        over (partition by kept_state order by from_state, to_state {{ whole }}) as all_exits_rate
                from {{ chain }}
            ) as with_exits
            where kept_state = '{{ state }}' or (from_state <> '{{ state }}' and to_state <> '{{ state }}')
{%- endmacro %}
