{#- The source systems that SYSTEMS names; an unknown name, or none for the shop, is an error. -#}
{% macro present_systems() -%}
    {%- set modelled = ['shop', 'planning', 'web', 'ads'] -%}
    {%- set named = env_var('SYSTEMS', 'shop,planning,web,ads').replace(' ', '').split(',') -%}
    {%- if 'shop' not in named or named | reject('in', modelled) | list -%}
        {%- do exceptions.raise_compiler_error(
            "SYSTEMS is '" ~ env_var('SYSTEMS') ~ "': it takes the names of the source systems that are present, of " ~ modelled | join(', ')
            ~ ", with commas between them, and shop is required."
        ) -%}
    {%- endif -%}
    {{ return(named) }}
{%- endmacro %}
