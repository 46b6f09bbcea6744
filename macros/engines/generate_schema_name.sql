{#- Schemas are named as the project names them (raw, staging, marts, …), the same in every target. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}
