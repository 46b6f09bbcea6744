{#- Whether GA4 calls a session engaged; true or false, never null. -#}
{% macro is_engaged(duration_seconds, view_count, has_key_event) -%}
    {%- set engaged = session_rules('GA4')['engaged'] -%}
    coalesce(
        {{ duration_seconds }} > {{ engaged['longer_than_seconds'] }}
        or {{ view_count }} >= {{ engaged['view_count'] }}
        or {{ has_key_event }},
        false
    )
{%- endmacro %}
