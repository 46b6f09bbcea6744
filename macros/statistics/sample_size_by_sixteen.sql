{#- Units in each of two equal arms by the rule of thumb, alpha 0.05 and power 0.8. -#}
{% macro sample_size_by_sixteen(sd, effect) -%}
    {%- set distance = "nullif(greatest(cast(" ~ sd ~ " as double), 0e0), 0e0) / nullif(cast(" ~ effect ~ " as double), 0e0)" -%}
    {{ finite("16e0 * power(" ~ distance ~ ", 2)") }}
{%- endmacro %}
