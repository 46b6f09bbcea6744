{#-
    Before a build: makes the schema raw what the sources expect, wherever the data comes from.

    With RAW_PATH a folder, each source table becomes a view of `<RAW_PATH>/<system>/<table>.parquet` or `.csv`, every column as text, an
    optional column that the file lacks as null. Column names may differ in case. Fails, naming all of them at once, for files and required
    columns that are missing.
-#}
{% macro load_raw_files() -%}
    {%- if not builds_or_tests() -%}{{ return('') }}{%- endif -%}
    {%- do present_systems() -%}
    {%- do keep_raw_origin() -%}
    {%- if raw_path() in ('', 'warehouse') -%}{{ return('') }}{%- endif -%}
    {%- set views = [] -%}
    {%- set problems = [] -%}
    {%- for source in graph.sources.values() | sort(attribute='unique_id') -%}
        {%- set relation = api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier) -%}
        {%- set file = raw_file(source.source_name, source.name) -%}
        {%- if file is none -%}
            {%- do problems.append("there is no " ~ source.source_name ~ "/" ~ source.name ~ ".parquet or .csv") -%}
        {%- else -%}
            {%- set present = {} -%}
            {%- for name in run_query("describe select * from " ~ file).columns[0].values() -%}
                {%- do present.update({name | lower: name}) -%}
            {%- endfor -%}
            {%- set expressions = [] -%}
            {%- for column in source.columns.values() -%}
                {%- if column.name in present -%}
                    {%- do expressions.append('cast("' ~ present[column.name] ~ '" as varchar) as ' ~ column.name) -%}
                {%- elif column.config.meta.get('optional') -%}
                    {%- do expressions.append('cast(null as varchar) as ' ~ column.name) -%}
                {%- else -%}
                    {%- do problems.append(source.source_name ~ "/" ~ source.name ~ " lacks the column " ~ column.name) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do views.append((relation, "select " ~ expressions | join(', ') ~ " from " ~ file)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not views -%}
        {%- do exceptions.raise_compiler_error(
            "RAW_PATH is '" ~ raw_path() ~ "': there is no such folder, or nothing in it that the raw contract names, such as shop/orders.csv."
        ) -%}
    {%- elif problems -%}
        {%- do exceptions.raise_compiler_error(
            "RAW_PATH is '" ~ raw_path() ~ "', where the raw contract is not met:\n  - " ~ problems | join('\n  - ')
            ~ "\nAdd what is missing; or, if a whole source system is absent, leave it out of SYSTEMS (now '" ~ env_var('SYSTEMS', 'shop,planning,web,ads,experiments') ~ "')."
        ) -%}
    {%- endif -%}
    {%- for relation, query in views -%}
        {%- do run_query("create or replace view " ~ relation ~ " as " ~ query) -%}
    {%- endfor -%}
{%- endmacro %}
