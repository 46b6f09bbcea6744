{#- z of the difference of two proportions, each with its own variance. -#}
{% macro two_proportions_z_unpooled(x_c, n_c, x_t, n_t) -%}
    {%- set variance -%}
        it.x_c * (it.n_c - it.x_c) / power(it.n_c, 3) + it.x_t * (it.n_t - it.x_t) / power(it.n_t, 3)
    {%- endset -%}
    {%- set z = "(it.x_t * it.n_c - it.x_c * it.n_t) / (it.n_c * it.n_t) / " ~ root_if_positive(variance) -%}
    {%- set sound = "it.n_c > 0e0 and it.x_c between 0e0 and it.n_c and it.n_t > 0e0 and it.x_t between 0e0 and it.n_t" -%}
    {{ staged_doubles(
        [{"x_c": x_c, "n_c": n_c, "x_t": x_t, "n_t": n_t}],
        finite("case when " ~ sound ~ " then " ~ z ~ " end"),
    ) }}
{%- endmacro %}
