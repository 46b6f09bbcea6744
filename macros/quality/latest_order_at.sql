{#- The last moment of the data: that of the latest order. -#}
{% macro latest_order_at() -%}
    (select max({{ parse_timestamp(clean_text('ordered_at')) }}) from {{ api.Relation.create(database=target.database, schema='raw', identifier='orders') }})
{%- endmacro %}
