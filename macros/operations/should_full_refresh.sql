{#- dbt's macro of this name, with one more reason: see needs_rebuild. -#}
{% macro should_full_refresh() %}
    {%- set configured = config.get('full_refresh') -%}
    {%- if configured is not none -%}
        {{ return(configured) }}
    {%- endif -%}
    {{ return(flags.FULL_REFRESH or needs_rebuild()) }}
{% endmacro %}
