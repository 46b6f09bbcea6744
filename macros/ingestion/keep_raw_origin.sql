{#-
    A warehouse keeps one origin of its raw data: the seeds, files, or tables that another tool loads. Another one than the recorded one is
    refused, so that the seeds never replace somebody's loaded tables, and histories never mix two companies.
-#}
{% macro keep_raw_origin() -%}
    {%- set origin = {'': 'seeds', 'warehouse': 'loaded tables'}.get(raw_path(), 'files') -%}
    {%- set record = api.Relation.create(database=target.database, schema='operations', identifier='raw_origin') -%}
    {%- do run_query("create schema if not exists raw") -%}
    {%- do run_query("create schema if not exists operations") -%}
    {%- do run_query("create table if not exists " ~ record ~ " (origin varchar)") -%}
    {%- set recorded = run_query("select origin from " ~ record).columns[0].values() | list -%}
    {%- set loaded = run_query("select table_name from information_schema.tables where table_schema = 'raw'").columns[0].values() | list -%}
    {%- set earlier = recorded[0] if recorded else ('loaded tables' if loaded else origin) -%}
    {%- if earlier != origin -%}
        {%- do exceptions.raise_compiler_error(
            "This warehouse gets its raw data from " ~ earlier ~ ", and RAW_PATH ('" ~ raw_path() ~ "') asks for " ~ origin
            ~ ". Name another folder in WAREHOUSE_PATH for it; or remove this one with `make clean`, published versions included."
        ) -%}
    {%- endif -%}
    {%- if not recorded -%}
        {%- do run_query("insert into " ~ record ~ " values ('" ~ origin ~ "')") -%}
    {%- endif -%}
{%- endmacro %}
