{#-
    Overrides dbt's: a source is as old as its latest sound `loaded_at_field` is before the latest order, for "today" is the data's own
    last moment, not the clock's. The field is the text that was delivered.
-#}
{% macro collect_freshness(source, loaded_at_field, filter) -%}
    {%- call statement('collect_freshness', fetch_result=True, auto_begin=False) -%}
        select
            max({{ parse_timestamp(clean_text(loaded_at_field)) }}) as max_loaded_at,
            {{ latest_order_at() }} as snapshotted_at
        from {{ source }}
        {{ 'where ' ~ filter if filter }}
    {%- endcall -%}
    {{ return(load_result('collect_freshness')) }}
{%- endmacro %}

{#-
    Overrides dbt's likewise, for a table without a time of its own: it is as fresh as the latest order that it fits.
-#}
{% macro collect_freshness_custom_sql(source, loaded_at_query) -%}
    {%- call statement('collect_freshness_custom_sql', fetch_result=True, auto_begin=False) -%}
        select
            ({{ loaded_at_query }}) as max_loaded_at,
            {{ latest_order_at() }} as snapshotted_at
    {%- endcall -%}
    {{ return(load_result('collect_freshness_custom_sql')) }}
{%- endmacro %}
