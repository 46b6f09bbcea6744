{#-
    A query: all rows and columns of a relation, and the exponentially weighted moving average of a value, up to the row. It needs no recursion: a value's weight falls with
    its distance, and values so far back that no double shows them are left out.
-#}
{% macro ewma(relation, value, order_by, weight, start, partition_by=[]) -%}
    {%- if weight < 0.01 or weight > 1 -%}
        {{ exceptions.raise_compiler_error("ewma wants a weight between 0.01 and 1, not " ~ weight ~ ".") }}
    {%- endif -%}
    {%- set kept = 1.0 - weight -%}
    {%- set reach = namespace(rows=0) -%}
    {%- for row in range(1, 5000) if kept ** row > 1e-18 -%}
        {%- set reach.rows = row -%}
    {%- endfor -%}
    {%- set within = ("partition by " ~ partition_by | join(", ") if partition_by else "") ~ " order by " ~ order_by -%}
    with

    ewma_rows as (

        select
            *,
            cast({{ value }} as double) as ewma_value,
            row_number() over ({{ within }}) as ewma_number
        from {{ relation }}

    ),

    ewma_sums as (

        select
            {%- for column in partition_by %}
            later.{{ column }},
            {%- endfor %}
            later.ewma_number,
            sum(
                {{ weight }} * power(cast({{ kept }} as double), later.ewma_number - earlier.ewma_number) * earlier.ewma_value
            ) + power(cast({{ kept }} as double), later.ewma_number) * {{ start }} as ewma
        from ewma_rows as later
        inner join ewma_rows as earlier
            on
                {%- for column in partition_by %}
                later.{{ column }} = earlier.{{ column }} and
                {%- endfor %}
                earlier.ewma_number between later.ewma_number - {{ reach.rows }} and later.ewma_number
        group by {% for column in partition_by %}later.{{ column }}, {% endfor %}later.ewma_number
        having count(earlier.ewma_value) = count(*)

    )

    select
        {{ all_except(["ewma_value", "ewma_number"]) | replace("* ", "ewma_rows.* ") }},
        ewma_sums.ewma
    from ewma_rows
    left join ewma_sums
        on
            {%- for column in partition_by %}
            ewma_rows.{{ column }} = ewma_sums.{{ column }} and
            {%- endfor %}
            ewma_rows.ewma_number = ewma_sums.ewma_number
{%- endmacro %}
