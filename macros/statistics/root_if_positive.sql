{#- Square root of a variance: null where nothing varies, so that nothing downstream divides by it. -#}
{% macro root_if_positive(value) -%}
    {%- set range = "root_of > 0e0 and root_of <= 1.7976931348623157e308" -%}
    {{ let("root_of", value, "case when " ~ range ~ " then sqrt(root_of) end") }}
{%- endmacro %}
