{#- Whether a source system is present, as the environment variable SYSTEMS says; the systems that are modelled so far are its default. -#}
{% macro has_system(system) -%}
    {{ return(system in present_systems()) }}
{%- endmacro %}
