{#- A p-value in words: `p = 0.0123`, or `p < 0.0001` where it is smaller than that. -#}
{% macro p_value_text(p) -%}
    {{ let('p_told', "cast(" ~ p ~ " as double)", "case when p_told < 0.0001e0 then 'p < 0.0001' else 'p = ' || cast(cast(p_told as decimal(18, 4)) as " ~ dbt.type_string() ~ ") end") }}
{%- endmacro %}
