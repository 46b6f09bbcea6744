{#-
    Accepted: `2026-06-30 23:59:59` and its forms with `T`, a fraction, `Z` or `+00`; `2026/06/30 23:59:59`; `30.06.2026 23:59:59`.
    The seconds or the whole time of day may be left out. All else is null: years outside 1900 to 2099, other time zones than UTC,
    and above all `06/05/2026`, which is two different days in two countries.
-#}
{% macro parse_timestamp(text) -%}
    {%- set clock = '([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?(Z|[+]00(:?00)?)?)?$' -%}
    {%- set iso -%}
        (case
            when {{ matches(text, '^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}' ~ clock) }} then {{ text }}
            when {{ matches(text, '^(19|20)[0-9]{2}/[0-9]{2}/[0-9]{2}' ~ clock) }} then replace({{ text }}, '/', '-')
            when {{ matches(text, '^[0-9]{2}[.][0-9]{2}[.](19|20)[0-9]{2}' ~ clock) }}
                then substring({{ text }}, 7, 4) || '-' || substring({{ text }}, 4, 2) || '-' || substring({{ text }}, 1, 2) || substring({{ text }}, 11)
        end)
    {%- endset -%}
    ({{ try_cast("replace(replace(" ~ iso ~ ", 'T', ' '), 'Z', '')", dbt.type_timestamp()) }})
{%- endmacro %}
