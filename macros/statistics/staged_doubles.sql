{#- `staged`, with every value cast to double. -#}
{% macro staged_doubles(stages, body) -%}
    {%- set cast_stages = [] -%}
    {%- for stage in stages -%}
        {%- set fields = {} -%}
        {%- for name, value in stage.items() -%}
            {%- do fields.update({name: "cast(" ~ value ~ " as double)"}) -%}
        {%- endfor -%}
        {%- do cast_stages.append(fields) -%}
    {%- endfor -%}
    {{ staged(cast_stages, body) }}
{%- endmacro %}
