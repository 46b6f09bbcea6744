with

sessions as (

    select * from {{ ref('int_sessions_identified') }}

),

touches as (

    select * from {{ ref('int_touches_windowed') }}

),

unconverted as (

    select
        person_id,
        session_id as visit_id,
        channel,
        started_at
    from sessions
    where
        not exists (
            select 1 from touches
            where sessions.session_id = touches.session_id
        )

),

-- Where no conversion ends a path, a silence longer than the window does.
unconverted_paths as (

    select *
    from
        {{ sessionize(
            'unconverted', 'person_id', 'started_at', 'visit_id',
            timeout_seconds=86400 * var('attribution_window_days'), splits_at_timeout=false
        ) }} as paths

),

steps as (

    select
        order_id as path_id,
        session_id as visit_id,
        channel,
        true as has_conversion,
        touched_at as visited_at
    from touches
    where touch_number is not null
    union all
    select
        session_id as path_id,
        visit_id,
        channel,
        false as has_conversion,
        started_at as visited_at
    from
        {{ transform_path(
            'unconverted_paths', 'session_id', 'started_at, visit_id', 'channel', var('attribution_path_transform')
        ) }} as transformed

),

transitions as (

    select *
    from
        {{ channel_transitions(
            'steps', 'has_conversion, path_id', 'visited_at, visit_id', 'channel', 'has_conversion'
        ) }} as counted

),

int_channel_transitions_counted as (

    select
        {{ surrogate_key(['from_state', 'to_state']) }} as transition_key,
        from_state,
        to_state,
        transition_count,
        transition_rate
    from transitions

)

select * from int_channel_transitions_counted
