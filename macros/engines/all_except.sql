{#- All columns of a relation but the named ones, to stand after `select`. -#}
{% macro all_except(columns) -%}
    {{ adapter.dispatch('all_except')(columns) }}
{%- endmacro %}

{% macro default__all_except(columns) -%}
    * except ({{ columns | join(', ') }})
{%- endmacro %}

{% macro duckdb__all_except(columns) -%}
    * exclude ({{ columns | join(', ') }})
{%- endmacro %}
