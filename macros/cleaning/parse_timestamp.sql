{#-
    Accepted: `2026-06-30 23:59:59` and its forms with `T`, a fraction, or a `Z`; `2026/06/30 23:59:59`; `30.06.2026 23:59:59`.
    The time of day may be left out. All else is null, above all `06/05/2026`, which is two different days in two countries.
-#}
{% macro parse_timestamp(text) -%}
    {%- set iso -%}
        (case
            when {{ matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') }} then {{ text }}
            when {{ matches(text, '^[0-9]{4}/[0-9]{2}/[0-9]{2}') }} then replace({{ text }}, '/', '-')
            when {{ matches(text, '^[0-9]{2}[.][0-9]{2}[.][0-9]{4}') }}
                then substring({{ text }}, 7, 4) || '-' || substring({{ text }}, 4, 2) || '-' || substring({{ text }}, 1, 2) || substring({{ text }}, 11)
        end)
    {%- endset -%}
    ({{ try_cast("replace(replace(" ~ iso ~ ", 'T', ' '), 'Z', '')", dbt.type_timestamp()) }})
{%- endmacro %}
