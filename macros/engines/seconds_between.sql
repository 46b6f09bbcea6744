{#- Seconds from one timestamp to a later one, with their fraction; negative the other way round. -#}
{% macro seconds_between(earlier, later) -%}
    {{ adapter.dispatch('seconds_between')(earlier, later) }}
{%- endmacro %}

{% macro default__seconds_between(earlier, later) -%}
    (timestampdiff(microsecond, {{ earlier }}, {{ later }}) / 1.0e6)
{%- endmacro %}

{% macro duckdb__seconds_between(earlier, later) -%}
    (date_diff('microsecond', {{ earlier }}, {{ later }}) / 1.0e6)
{%- endmacro %}
