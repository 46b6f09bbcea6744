{#- One row's columns as JSON text, in the order given, each value as the text that it had. -#}
{% macro json_record(columns) -%}
    {{ adapter.dispatch('json_record')(columns) }}
{%- endmacro %}

{% macro default__json_record(columns) -%}
    to_json(
        named_struct(
            {%- for column in columns %}
            '{{ column }}', cast({{ column }} as string){{ ',' if not loop.last }}
            {%- endfor %}
        ),
        map('ignoreNullFields', 'false')
    )
{%- endmacro %}

{% macro duckdb__json_record(columns) -%}
    cast(
        json_object(
            {%- for column in columns %}
            '{{ column }}', cast({{ column }} as varchar){{ ',' if not loop.last }}
            {%- endfor %}
        ) as varchar
    )
{%- endmacro %}
