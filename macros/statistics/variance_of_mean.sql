{#- The squared standard error of an arm's mean. -#}
{% macro variance_of_mean(variance, n) -%}
    {{ staged_doubles(
        [{"variance": variance, "n": n}],
        "case when it.n between 2e0 and 1e300 and it.variance between 0e0 and 1.7976931348623157e308 then it.variance / it.n end",
    ) }}
{%- endmacro %}
