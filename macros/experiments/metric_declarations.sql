{#- A query: one row per declared metric, with its label, kind, unit and which direction is better. -#}
{% macro metric_declarations() -%}
    {%- for metric in experiment_metrics() %}
    select
        '{{ metric.name }}' as metric,
        '{{ metric.label | replace("'", "''") }}' as metric_label,
        '{{ metric.kind }}' as metric_kind,
        '{{ metric.unit }}' as metric_unit,
        {{ metric.better }} as better
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
