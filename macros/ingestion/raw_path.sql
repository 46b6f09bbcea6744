{#- Where the raw data comes from: empty for the sample's seeds, a folder of files, or `warehouse` for tables that another tool loads into the schema raw. -#}
{% macro raw_path() -%}
    {{ return(env_var('RAW_PATH', '')) }}
{%- endmacro %}
