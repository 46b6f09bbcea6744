{#-
    The expression that reads a source table's file, or nothing where there is no file. In a CSV every column is text, and no line is taken
    for a comment or skipped.
-#}
{% macro raw_file(system, table) -%}
    {%- set stem = (raw_path() ~ '/' ~ system ~ '/' ~ table) | replace("'", "''") -%}
    {%- set found = run_query("select file from glob('" ~ stem ~ ".parquet') union all select file from glob('" ~ stem ~ ".csv')").columns[0].values() | list -%}
    {%- if not found -%}
        {{ return(none) }}
    {%- elif found[0].endswith('.parquet') -%}
        {{ return("read_parquet('" ~ stem ~ ".parquet')") }}
    {%- else -%}
        {{ return("read_csv('" ~ stem ~ ".csv', header = true, delim = ',', quote = '\"', escape = '\"', comment = '', skip = 0, all_varchar = true)") }}
    {%- endif -%}
{%- endmacro %}
