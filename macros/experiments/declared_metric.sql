{#- The name of the declared metric that a name or an alias of it stands for; null where none is declared so. -#}
{% macro declared_metric(name) -%}
    (case
        {%- for metric in experiment_metrics() %}
        when {{ name }} in ('{{ ([metric.name] + metric.aliases) | join("', '") }}') then '{{ metric.name }}'
        {%- endfor %}
    end)
{%- endmacro %}
