{#- A text in SQL of parts that alternate: words, an expression of type text, words, and so on. Null where an expression is. -#}
{% macro sentence(parts) -%}
    {%- set pieces = [] -%}
    {%- for part in parts -%}
        {%- do pieces.append("'" ~ part | replace("'", "''") ~ "'" if loop.index0 is even else part) -%}
    {%- endfor -%}
    ({{ pieces | join(' || ') }})
{%- endmacro %}
