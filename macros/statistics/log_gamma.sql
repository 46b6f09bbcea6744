{#- Natural logarithm of the gamma function. -#}
{% macro log_gamma(x) -%}
    {{ let(
        "x",
        "cast(" ~ x ~ " as double)",
        "case when x >= 1e-75 and x <= 1e75 then " ~ log_gamma_at("x") ~ " end",
    ) }}
{%- endmacro %}
