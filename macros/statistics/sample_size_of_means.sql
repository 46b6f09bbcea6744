{#- Units in each of two equal arms, not rounded, for a difference of means. -#}
{% macro sample_size_of_means(sd, effect, alpha, power) -%}
    {%- set distance = "nullif(greatest(cast(" ~ sd ~ " as double), 0e0), 0e0) / nullif(cast(" ~ effect ~ " as double), 0e0)" -%}
    {{ finite("2e0 * power(" ~ power_reach(alpha, power) ~ " * " ~ distance ~ ", 2)") }}
{%- endmacro %}
