{#- The source systems that SYSTEMS names; an unknown name, none for the shop, or experiments without the web is an error. -#}
{% macro present_systems() -%}
    {%- set modelled = ['shop', 'planning', 'web', 'ads', 'experiments'] -%}
    {%- set named = env_var('SYSTEMS', 'shop,planning,web,ads,experiments').replace(' ', '').split(',') -%}
    {%- if 'shop' not in named or named | reject('in', modelled) | list or ('experiments' in named and 'web' not in named) -%}
        {%- do exceptions.raise_compiler_error(
            "SYSTEMS is '" ~ env_var('SYSTEMS') ~ "': it takes the names of the source systems that are present, of " ~ modelled | join(', ')
            ~ ", with commas between them; shop is required, and experiments need web."
        ) -%}
    {%- endif -%}
    {{ return(named) }}
{%- endmacro %}
