{#-
    An expression worked out in stages, each a set of names and values. A stage, and the body, read the values of those before it as `it.<name>`; the
    first stage reads the columns. Not nested: DuckDB's planning takes twice as long for each `let` within the body of another.
-#}
{% macro staged(stages, body) -%}
    {%- set texts = [] -%}
    {%- for stage in stages -%}
        {%- do texts.append(stage.values() | join(' ')) -%}
    {%- endfor -%}
    {%- do texts.append(body) -%}
    {%- set rendered = namespace(list="", known=[]) -%}
    {%- for stage in stages -%}
        {%- set later = texts[loop.index:] | join(' ') -%}
        {%- set fields = {} -%}
        {%- for name in rendered.known -%}
            {%- if "it." ~ name in later -%}
                {%- do fields.update({name: "it." ~ name}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do fields.update(stage) -%}
        {%- set rendered.known = fields.keys() | list -%}
        {%- if loop.first -%}
            {%- set rendered.list = list_of([record_of(fields)]) -%}
        {%- else -%}
            {%- set rendered.list = mapped(rendered.list, 'it', record_of(fields)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ first_of(mapped(rendered.list, 'it', body)) }}
{%- endmacro %}
