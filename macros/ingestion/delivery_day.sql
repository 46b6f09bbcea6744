{#- The day on which a raw row was received, as text and as it was delivered; what is no time is a day of its own. -#}
{% macro delivery_day(received_at='received_at') -%}
    coalesce(substring({{ received_at }}, 1, 10), '')
{%- endmacro %}
