{#- Call a function of the plugin `plugins.publisher`, print its messages, and return its answer. -#}
{% macro call_publisher(name, request) %}
    {%- set answer = run_query("select " ~ name ~ "('" ~ (tojson(request) | replace("'", "''")) ~ "') as answer") -%}
    {%- set answer = fromjson(answer.columns[0].values()[0]) -%}
    {%- for message in answer.messages -%}
        {%- do log(message, info=true) -%}
    {%- endfor -%}
    {{ return(answer) }}
{% endmacro %}
