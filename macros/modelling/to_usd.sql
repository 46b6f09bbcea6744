{#- An amount in US dollars, to the cent (half away from zero), at `usd_per_unit`. The casts give the product all 38 digits: DuckDB multiplies two decimals of 18 in 64 bits. -#}
{% macro to_usd(amount, usd_per_unit='usd_per_unit') -%}
    cast(round(cast({{ amount }} as decimal(20, 2)) * cast({{ usd_per_unit }} as decimal(18, 8)), 2) as decimal(18, 2))
{%- endmacro %}
