{#- The squared standard error of an arm's mean. -#}
{% macro variance_of_mean(variance, n) -%}
    {{ staged_doubles(
        [{"variance": variance, "n": n}],
        "case when it.n >= 2e0 and it.variance >= 0e0 then it.variance / it.n end",
    ) }}
{%- endmacro %}
