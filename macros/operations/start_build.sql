{#- On-run-start: repair what a rejected build left, then forget the results of the selected nodes. -#}
{% macro start_build() %}
    {%- if builds_or_tests() -%}
        {%- set request = describe_build() -%}
        {%- do request.update({'selected': selected_resources}) -%}
        {%- set answer = call_publisher('start_build', request) -%}
        {%- for table in answer.dropped -%}
            {%- do adapter.drop_relation(api.Relation.create(
                database=table.database, schema=table.schema, identifier=table.name, type='table'
            )) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
