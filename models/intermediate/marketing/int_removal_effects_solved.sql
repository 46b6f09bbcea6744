with

transitions as (

    select * from {{ ref('int_channel_transitions_counted') }}

),

effects as (

    select *
    from
        {{ markov_removal_effects('transitions', channel_groups()) }} as solved

),

int_removal_effects_solved as (

    select
        {{ surrogate_key(['state']) }} as removal_effect_key,
        state as channel,
        removal_effect_rate
    from effects

)

select * from int_removal_effects_solved
