{#- Probability that a number of Student's t distribution is at least as far from 0. -#}
{% macro student_t_two_sided_p(t, df) -%}
    2e0 * {{ student_t_sf("abs(" ~ t ~ ")", df) }}
{%- endmacro %}
