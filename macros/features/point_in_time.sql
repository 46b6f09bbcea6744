{#-
    A query: all rows and columns of the entities, and what was known of each at its moment: of the features' rows for the key, the last that had
    happened (and, if told when rows were recorded, was recorded) by then.
-#}
{% macro point_in_time(entities, features, key, as_of, columns, event_at, created_at=none, is_inclusive=true) -%}
    {%- set until = "<=" if is_inclusive else "<" -%}
    {%- set newest = [event_at] + ([created_at] if created_at else []) + columns -%}
    with

    point_in_time_moments as (

        select distinct
            {{ key }},
            {{ as_of }}
        from {{ entities }}

    ),

    point_in_time_features as (

        select
            point_in_time_moments.{{ key }},
            point_in_time_moments.{{ as_of }},
            {%- for column in columns %}
            features.{{ column }},
            {%- endfor %}
            row_number() over (
                partition by point_in_time_moments.{{ key }}, point_in_time_moments.{{ as_of }}
                order by {% for column in newest %}features.{{ column }} desc{{ ", " if not loop.last }}{% endfor %}
            ) as known_number
        from point_in_time_moments
        inner join {{ features }} as features
            on
                point_in_time_moments.{{ key }} = features.{{ key }}
                and features.{{ event_at }} {{ until }} point_in_time_moments.{{ as_of }}
                {{ "and features." ~ created_at ~ " " ~ until ~ " point_in_time_moments." ~ as_of if created_at }}

    )

    select
        entities.*,
        {%- for column in columns %}
        point_in_time_features.{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ entities }} as entities
    left join point_in_time_features
        on
            entities.{{ key }} = point_in_time_features.{{ key }}
            and entities.{{ as_of }} = point_in_time_features.{{ as_of }}
            and point_in_time_features.known_number = 1
{%- endmacro %}
