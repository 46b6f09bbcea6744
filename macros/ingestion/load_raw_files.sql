{#-
    Before a run: makes the schema raw what the sources expect, wherever the data comes from.

    With RAW_PATH a folder, each source table becomes a view of `<RAW_PATH>/<system>/<table>.parquet` or `.csv`, every column as text, an
    optional column that the file lacks as null. Fails, naming all of them at once, for files and required columns that are missing.
    With the seeds, the views of an earlier folder are dropped, for a seed cannot replace a view.
-#}
{% macro load_raw_files() -%}
    {%- if not execute or target.type != 'duckdb' or raw_path() == 'warehouse' -%}{{ return('') }}{%- endif -%}
    {%- set views = [] -%}
    {%- set problems = [] -%}
    {%- for source in graph.sources.values() | sort(attribute='unique_id') -%}
        {%- set relation = api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier) -%}
        {%- if not raw_path() -%}
            {%- do drop_unless(relation, 'table') -%}
        {%- else -%}
            {%- set file = raw_file(source.source_name, source.name) -%}
            {%- if file is none -%}
                {%- do problems.append("there is no " ~ source.source_name ~ "/" ~ source.name ~ ".parquet or .csv") -%}
            {%- else -%}
                {%- set present = run_query("describe select * from " ~ file).columns[0].values() | list -%}
                {%- set expressions = [] -%}
                {%- for column in source.columns.values() -%}
                    {%- if column.name in present -%}
                        {%- do expressions.append('cast("' ~ column.name ~ '" as varchar) as ' ~ column.name) -%}
                    {%- elif column.config.meta.get('optional') -%}
                        {%- do expressions.append('cast(null as varchar) as ' ~ column.name) -%}
                    {%- else -%}
                        {%- do problems.append(source.source_name ~ "/" ~ source.name ~ " lacks the column " ~ column.name) -%}
                    {%- endif -%}
                {%- endfor -%}
                {%- do views.append((relation, "select " ~ expressions | join(', ') ~ " from " ~ file)) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(
            "RAW_PATH is '" ~ raw_path() ~ "', where the raw contract is not met:\n  - " ~ problems | join('\n  - ')
            ~ "\nAdd what is missing; or, if a whole source system is absent, leave it out of SYSTEMS (now '" ~ env_var('SYSTEMS', 'shop,planning') ~ "')."
        ) -%}
    {%- endif -%}
    {%- for relation, query in views -%}
        {%- do adapter.create_schema(relation) -%}
        {%- do drop_unless(relation, 'view') -%}
        {%- do run_query("create or replace view " ~ relation ~ " as " ~ query) -%}
    {%- endfor -%}
{%- endmacro %}

{#- The expression that reads a source table's file with every CSV column as text, or nothing where there is no file. -#}
{% macro raw_file(system, table) -%}
    {%- set stem = (raw_path() ~ '/' ~ system ~ '/' ~ table) | replace("'", "''") -%}
    {%- set found = run_query("select file from glob('" ~ stem ~ ".parquet') union all select file from glob('" ~ stem ~ ".csv')").columns[0].values() | list -%}
    {%- if not found -%}
        {{ return(none) }}
    {%- elif found[0].endswith('.parquet') -%}
        {{ return("read_parquet('" ~ stem ~ ".parquet')") }}
    {%- else -%}
        {{ return("read_csv('" ~ stem ~ ".csv', header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true)") }}
    {%- endif -%}
{%- endmacro %}

{#- Drops the relation where it exists as another type than the one given. -#}
{% macro drop_unless(relation, type) -%}
    {%- set existing = load_relation(relation) -%}
    {%- if existing is not none and existing.type != type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{%- endmacro %}
