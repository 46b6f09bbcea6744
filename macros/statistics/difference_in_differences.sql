{#- A query: by how much more the outcome of the treated changed than that of the others, as `linear_regression` of treated, post and their product. -#}
{% macro difference_in_differences(relation, outcome, treated, post, errors="classic", cluster_by=none, alpha=0.05) -%}
    {%- set cells -%}
        (
            select
                {{ cluster_by ~ " as difference_cluster," if cluster_by }}
                {{ outcome }} as difference_outcome,
                case when {{ treated }} then 1e0 when not {{ treated }} then 0e0 end as treated,
                case when {{ post }} then 1e0 when not {{ post }} then 0e0 end as post,
                case when {{ treated }} and {{ post }} then 1e0 when not ({{ treated }} and {{ post }}) then 0e0 end
                    as difference_in_differences
            from {{ relation }}
        ) as difference_cells
    {%- endset -%}
    {{ linear_regression(
        cells,
        "difference_outcome",
        ["treated", "post", "difference_in_differences"],
        errors,
        "difference_cluster" if cluster_by else none,
        alpha,
    ) }}
{%- endmacro %}
