with

sessions as (

    select * from {{ ref('int_sessions_identified') }}

),

conversions as (

    select * from {{ ref('int_conversions_matched') }}

),

converting as (

    select
        conversions.*,
        sessions.started_at as session_started_at
    from conversions
    inner join sessions on conversions.session_id = sessions.session_id

),

-- The session of the conversion, and the person's others that started before it and within the window.
touches as (

    select
        converting.order_id,
        converting.customer_id,
        converting.is_first_order,
        converting.conversion_date,
        converting.converted_at,
        sessions.session_id,
        sessions.source,
        sessions.medium,
        sessions.campaign,
        sessions.channel,
        sessions.device_type,
        sessions.started_at as touched_at
    from converting
    inner join sessions
        on
            converting.person_id = sessions.person_id
            and (
                converting.session_id = sessions.session_id
                or (
                    converting.converted_at - interval '{{ var("attribution_window_days") }}' day <= sessions.started_at
                    and (
                        converting.session_started_at > sessions.started_at
                        or (
                            converting.session_started_at = sessions.started_at
                            and converting.session_id > sessions.session_id
                        )
                    )
                )
            )

),

kept as (

    select *
    from
        {{ transform_path(
            'touches', 'order_id', 'touched_at, session_id', 'channel', var('attribution_path_transform')
        ) }} as transformed

),

numbered as (

    select
        order_id,
        session_id,
        channel,
        row_number() over (partition by order_id order by touched_at, session_id) as touch_number,
        count(*) over (partition by order_id) as touch_count
    from kept

),

ranked as (

    select
        *,
        coalesce(
            max(case when channel <> 'Direct' then touch_number end) over (partition by order_id), touch_count
        ) as last_non_direct_number
    from numbered

),

int_touches_windowed as (

    select
        {{ surrogate_key(['touches.order_id', 'touches.session_id']) }} as touch_key,
        touches.order_id,
        touches.session_id,
        touches.customer_id,
        touches.source,
        touches.medium,
        touches.campaign,
        touches.channel,
        touches.device_type,
        ranked.touch_number,
        ranked.touch_count,
        ranked.last_non_direct_number,
        {{ seconds_between('touches.touched_at', 'touches.converted_at') }} / 86400.0e0 as days_before_conversion,
        touches.is_first_order,
        touches.conversion_date,
        touches.touched_at,
        touches.converted_at
    from touches
    left join ranked on touches.order_id = ranked.order_id and touches.session_id = ranked.session_id

)

select * from int_touches_windowed
