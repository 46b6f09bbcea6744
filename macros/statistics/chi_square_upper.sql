{#- The sum itself, for x > 0 and df in 1, …, 200; `x` and `df` are names that are written several times. -#}
{% macro chi_square_upper(x, df) -%}
    {%- set term = "case when k >= 1e0 then exp((k - 1e0) * ln(" ~ x ~ " / 2e0) - " ~ x ~ " / 2e0 - " ~ log_gamma_at("k") ~ ") else 0e0 end" -%}
    {%- set numbers = [] -%}
    {%- for number in range(100) -%}
        {%- do numbers.append(number ~ "e0") -%}
    {%- endfor -%}
    (
        {{ sum_over("j", numbers, let("k", df ~ " / 2e0 - j", term)) }}
        + ({{ df }} - 2e0 * floor({{ df }} / 2e0)) * {{ normal_two_sided_p("sqrt(" ~ x ~ ")") }}
    )
{%- endmacro %}
