{#-
    A query: ordinary least squares with an intercept, one row per coefficient.

    Regressors are centred and scaled first, so that their matrix of products is one of correlations, which is inverted by sweeping (Gauss-Jordan on the spot), one step per
    regressor; a pivot near 0 is a regressor that the others determine, and makes all coefficients null. From then on each coefficient is a weighted sum of the outcome,
    and the weights of the rows give every error: classic, robust (HC1) or clustered (CR1). What the residuals still hold of a coefficient is added to it.
-#}
{% macro linear_regression(relation, outcome, regressors, errors="classic", cluster_by=none, alpha=0.05) -%}
    {%- set kinds = ["classic", "robust", "clustered"] -%}
    {%- if errors not in kinds or (errors == "clustered") != (cluster_by is not none) or not regressors -%}
        {{ exceptions.raise_compiler_error(
            "linear_regression needs a regressor, and errors that are one of " ~ kinds | join(", ") ~ ", the last with a cluster_by and only that."
        ) }}
    {%- endif -%}
    {%- set places = range(1, regressors | length + 1) | list -%}
    {%- set count = regressors | length -%}
    {%- set columns = [outcome] + regressors -%}
    {%- set products = [] -%}
    {%- for row in places -%}
        {%- for column in [0] + places -%}
            {%- set product = "p_" ~ ([row, column] | max) ~ "_" ~ ([row, column] | min) -%}
            {%- do products.append("select " ~ row ~ " as i, " ~ column ~ " as j, " ~ product ~ " as v from regression_products") -%}
        {%- endfor -%}
    {%- endfor -%}
    with

    regression_rows as (

        select
            {%- if cluster_by %}
            {{ cluster_by }} as cluster_key,
            {%- endif %}
            {%- for column in columns %}
            cast({{ column }} as double) as x_{{ loop.index0 }}{{ "," if not loop.last }}
            {%- endfor %}
        from {{ relation }}
        where
            {{ cluster_by ~ " is not null" if cluster_by else "true" }}
            {%- for column in columns %}
            and abs(cast({{ column }} as double)) <= 1.7976931348623157e308
            {%- endfor %}
    ),

    regression_scales as (

        select
            count(*) as n,
            {%- for place in [0] + places %}
            avg(x_{{ place }}) as mean_{{ place }},
            case when stddev_pop(x_{{ place }}) > 1e-13 * abs(avg(x_{{ place }})) then stddev_pop(x_{{ place }}) end as scale_{{ place }}{{ "," if not loop.last }}
            {%- endfor %}
        from regression_rows

    ),

    regression_centred as (

        select
            regression_rows.*,
            case when scale_0 is null then 0e0 else x_0 - mean_0 end as y,
            {%- for place in places %}
            (x_{{ place }} - mean_{{ place }}) / scale_{{ place }} as z_{{ place }}{{ "," if not loop.last }}
            {%- endfor %}
        from regression_rows
        cross join regression_scales

    ),

    regression_products as (

        select
            {%- for row in places %}
            avg(z_{{ row }} * y) as p_{{ row }}_0,
            {%- for column in range(1, row + 1) %}
            avg(z_{{ row }} * z_{{ column }}) as p_{{ row }}_{{ column }}{{ "," if not (loop.last and row == count) }}
            {%- endfor %}
            {%- endfor %}
        from regression_centred

    ),

    regression_step_0 as (

        {{ products | join("\n        union all\n        ") }}

    ),

    {%- for place in places %}
    regression_step_{{ place }} as (

        {{ swept("regression_step_" ~ loop.index0, place) }}

    ),

    {%- endfor %}
    regression_solved as (

        select
            {%- for row in places %}
            {%- for column in [0] + places %}
            max(case when i = {{ row }} and j = {{ column }} then v end) as a_{{ row }}_{{ column }}{{ "," if not (loop.last and row == count) }}
            {%- endfor %}
            {%- endfor %}
        from regression_step_{{ count }}

    ),

    regression_weights as (

        select
            regression_centred.*,
            n,
            {%- for place in places %}
            mean_{{ place }},
            {%- endfor %}
            y{% for place in places %} - a_{{ place }}_0 * z_{{ place }}{% endfor %} as e,
            {%- for row in places %}
            ({% for column in places %}{{ " + " if not loop.first }}a_{{ row }}_{{ column }} * z_{{ column }}{% endfor %}) / scale_{{ row }} / n as w_{{ row }}{{ "," if not loop.last }}
            {%- endfor %}
        from regression_centred
        cross join regression_scales
        cross join regression_solved

    ),

    regression_influences as (

        select
            {{ "cluster_key," if cluster_by }}
            y,
            e,
            {%- for place in places %}
            w_{{ place }},
            {%- endfor %}
            1e0 / n{% for place in places %} - mean_{{ place }} * w_{{ place }}{% endfor %} as w_0
        from regression_weights

    ),

    regression_groups as (

        select
            {%- for place in [0] + places %}
            sum(w_{{ place }} * e) as d_{{ place }},
            sum(w_{{ place }} * w_{{ place }}) as s_{{ place }},
            {%- if errors == "robust" %}
            sum(w_{{ place }} * e * w_{{ place }} * e) as q_{{ place }},
            {%- endif %}
            {%- endfor %}
            sum(e * e) as rss,
            sum(y * y) as tss
        from regression_influences
        {{ "group by cluster_key" if cluster_by }}

    ),

    regression_sums as (

        select
            {%- for place in [0] + places %}
            sum(d_{{ place }}) as d_{{ place }},
            sum(s_{{ place }}) as s_{{ place }},
            {%- if errors != "classic" %}
            sum({{ "d_" ~ place ~ " * d_" ~ place if cluster_by else "q_" ~ place }}) as q_{{ place }},
            {%- endif %}
            {%- endfor %}
            sum(rss) as rss,
            sum(tss) as tss,
            count(*) as group_count
        from regression_groups

    ),

    regression_fit as (

        select
            *,
            case when rss > 1e-27 * (tss + n * mean_0 * mean_0) and n > {{ count + 1 }}
                then {{ {
                    "classic": "rss / (n - " ~ (count + 1) ~ ")",
                    "robust": "cast(n as double) / (n - " ~ (count + 1) ~ ")",
                    "clustered": "group_count * 1e0 / nullif(group_count - 1, 0) * (n - 1) / (n - " ~ (count + 1) ~ ")",
                }[errors] }}
            end as factor,
            {{ "case when group_count > 1 then group_count - 1 end" if cluster_by else "case when n > " ~ (count + 1) ~ " then n - " ~ (count + 1) ~ " end" }} as degrees_of_freedom
        from regression_sums
        cross join regression_scales
        cross join regression_solved

    ),

    regression_terms as (

        {%- for place in [0] + places %}
        select
            {{ place }} as term_number,
            '{{ regressors[place - 1] if place else "(intercept)" }}' as term,
            {%- if place %}
            a_{{ place }}_0 / scale_{{ place }} + d_{{ place }} as estimate,
            {%- else %}
            mean_0{% for other in places %} - mean_{{ other }} * a_{{ other }}_0 / scale_{{ other }}{% endfor %} + d_0 as estimate,
            {%- endif %}
            {%- if errors == "classic" %}
            factor * s_{{ place }} as variance,
            {%- else %}
            case when q_{{ place }} > 1e-24 * s_{{ place }} * rss then factor * q_{{ place }} end as variance,
            {%- endif %}
            degrees_of_freedom,
            1e0 - rss / nullif(tss, 0e0) as r2,
            n
        from regression_fit
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ),

    regression_errors as (

        select
            *,
            {{ root_if_positive("variance") }} as standard_error
        from regression_terms

    ),

    regression_margins as (

        select
            *,
            {{ interval_margin("standard_error", "degrees_of_freedom", alpha) }} as margin
        from regression_errors

    )

    select
        term_number,
        term,
        estimate,
        standard_error,
        estimate / standard_error as t,
        degrees_of_freedom,
        {{ student_t_two_sided_p("(estimate / standard_error)", "degrees_of_freedom") }} as p_value,
        estimate - margin as lower,
        estimate + margin as upper,
        r2,
        n
    from regression_margins
{%- endmacro %}

{#- A matrix (i, j, v) after one step of the sweep. -#}
{% macro swept(matrix, place) -%}
        select
            i,
            j,
            case
                when i = {{ place }} and j = {{ place }} then 1e0 / pivot_v
                when i = {{ place }} then v / pivot_v
                when j = {{ place }} then -v / pivot_v
                else v - v_of_row * v_of_column / pivot_v
            end as v
        from (
            select
                *,
                max(case when j = {{ place }} then v end) over (partition by i) as v_of_row,
                max(case when i = {{ place }} then v end) over (partition by j) as v_of_column,
                max(case when i = {{ place }} and j = {{ place }} and v > 1e-10 then v end) over () as pivot_v
            from {{ matrix }}
        ) as pivoted
{%- endmacro %}
