{#-
    A query: all rows and columns of a relation, and their p-values adjusted for how many are read together. Ties come out equal because each value
    takes the largest (Holm) or smallest (Benjamini-Hochberg) of what its neighbours in order get.
-#}
{% macro adjusted_p_values(relation, p, partition_by, key) -%}
    {%- set groups = partition_by ~ ", " if partition_by else "" -%}
    {%- set family = "over (partition by " ~ groups ~ "adjusted_p is null" -%}
    {%- set is_p = "case when adjusted_p is not null then least(" -%}
    select
        {{ all_except(["adjusted_p", "adjusted_p_rank", "adjusted_p_count"]) }},
        {{ is_p }}adjusted_p * adjusted_p_count, 1e0) end as p_bonferroni,
        {{ is_p }}
            max(adjusted_p * (adjusted_p_count - adjusted_p_rank + 1)) {{ family }} order by adjusted_p_rank rows between unbounded preceding and current row),
            1e0
        ) end as p_holm,
        {{ is_p }}
            min(adjusted_p * adjusted_p_count / adjusted_p_rank) {{ family }} order by adjusted_p_rank rows between current row and unbounded following),
            1e0
        ) end as p_benjamini_hochberg
    from (
        select
            *,
            row_number() {{ family }} order by adjusted_p, {{ key }}) as adjusted_p_rank,
            count(*) {{ family }}) as adjusted_p_count
        from (
            select
                *,
                case when {{ p }} between 0e0 and 1e0 then cast({{ p }} as double) end as adjusted_p
            from {{ relation }}
        ) as judged
    ) as ranked
{%- endmacro %}
