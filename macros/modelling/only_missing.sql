{#- The condition that an incremental model's table holds no row of the key; nothing in a full build. See `forget_changed`. -#}
{% macro only_missing(key, expression=none) -%}
    {%- if is_incremental() %}where {{ expression or key }} not in (select distinct {{ key }} from {{ this }}){% endif -%}
{%- endmacro %}
