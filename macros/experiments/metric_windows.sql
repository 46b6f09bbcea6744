{#- The different conversion windows of the declared metrics, in days; none stands for the window that is open until the experiment's end. -#}
{% macro metric_windows() -%}
    {{ return(experiment_metrics() | map(attribute='window_days') | unique | list) }}
{%- endmacro %}
