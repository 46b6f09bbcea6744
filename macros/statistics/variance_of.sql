{#- Sample variance; null for fewer than two values. -#}
{% macro variance_of(n, m2) -%}
    {{ finite("cast(" ~ m2 ~ " as double) / nullif(greatest(cast(" ~ n ~ " as double) - 1e0, 0e0), 0e0)") }}
{%- endmacro %}
