{#- One row's columns as JSON text, in the order given, each value as the text that it had. With a prefix, the columns are named `<prefix><column>` here. -#}
{% macro json_record(columns, prefix='') -%}
    {{ adapter.dispatch('json_record')(columns, prefix) }}
{%- endmacro %}

{% macro default__json_record(columns, prefix) -%}
    to_json(
        named_struct(
            {%- for column in columns %}
            '{{ column }}', cast({{ prefix }}{{ column }} as string){{ ',' if not loop.last }}
            {%- endfor %}
        ),
        map('ignoreNullFields', 'false')
    )
{%- endmacro %}

{% macro duckdb__json_record(columns, prefix) -%}
    cast(
        json_object(
            {%- for column in columns %}
            '{{ column }}', cast({{ prefix }}{{ column }} as varchar){{ ',' if not loop.last }}
            {%- endfor %}
        ) as varchar
    )
{%- endmacro %}
