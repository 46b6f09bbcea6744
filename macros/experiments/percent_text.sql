{#- A share as a percentage in words, `12.3%`; null for null and for what no sentence should say, a millionfold and more. -#}
{% macro percent_text(share) -%}
    {{ let('shared', "cast(" ~ share ~ " as double)", "case when abs(shared) < 1e6 then replace(cast(cast(100e0 * shared as decimal(18, 1)) as " ~ dbt.type_string() ~ "), '-', '−') || '%' end") }}
{%- endmacro %}
