{#- Moments of a group's pairs of values, as six columns. -#}
{% macro co_moments(x, y, prefix='') -%}
    {%- set pair = usable_number(y) ~ ", " ~ usable_number(x) -%}
    regr_count({{ pair }}) as {{ prefix }}n,
    regr_avgx({{ pair }}) as {{ prefix }}mean_x,
    regr_sxx({{ pair }}) as {{ prefix }}m2_x,
    regr_avgy({{ pair }}) as {{ prefix }}mean_y,
    regr_syy({{ pair }}) as {{ prefix }}m2_y,
    regr_sxy({{ pair }}) as {{ prefix }}c_xy
{%- endmacro %}
