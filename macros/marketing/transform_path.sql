{#-
    The steps of paths that a transformation keeps, each with `path_step`, the text that stands for it:
    `none` keeps all; `exposure` one of each run of the same channel; `first` a channel's first step; `frequency` the same, with its count, as `Email(2)`.
-#}
{% macro transform_path(relation, path, position, channel, transform='none') -%}
    {%- set in_order = "over (partition by " ~ path ~ " order by " ~ position ~ ")" -%}
    {%- set of_channel = "partition by " ~ path ~ ", " ~ channel -%}
    {%- set whole = " rows between unbounded preceding and unbounded following" -%}
    {%- set numbered = "row_number() over (" ~ of_channel ~ " order by " ~ position ~ ")" -%}
    {%- set counted = "count(*) over (" ~ of_channel ~ " order by " ~ position ~ whole ~ ")" -%}
    {%- set steps = {
        'none': ("1", channel),
        'exposure': ("case when lag(" ~ channel ~ ") " ~ in_order ~ " = " ~ channel ~ " then 0 else 1 end", channel),
        'first': (numbered, channel),
        'frequency': (
            numbered,
            dbt.concat([channel, "'('", "cast(" ~ counted ~ " as " ~ dbt.type_string() ~ ")", "')'"]),
        ),
    } -%}
    {%- if transform not in steps -%}
        {%- do exceptions.raise_compiler_error("transform_path knows " ~ steps | join(', ') ~ ", not '" ~ transform ~ "'.") -%}
    {%- endif -%}
    (
        select {{ all_except(['step_number']) }}
        from (
            select
                *,
                {{ steps[transform][0] }} as step_number,
                {{ steps[transform][1] }} as path_step
            from {{ relation }}
        ) as numbered_steps
        where step_number = 1
    )
{%- endmacro %}
