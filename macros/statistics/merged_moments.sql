{#- Moments of groups from those of their parts, by the formula of Chan, Golub and LeVeque: each part's deviation from the whole's mean is added. -#}
{% macro merged_moments(relation, group_by, values=[], pairs=[]) -%}
    {%- set keys = [group_by] if group_by is string else group_by -%}
    {%- set window = "partition by " ~ keys | join(', ') if keys else "" -%}
    {%- set means = [] -%}
    {%- for prefix in values -%}
        {%- do means.append([prefix, "mean"]) -%}
    {%- endfor -%}
    {%- for prefix in pairs -%}
        {%- do means.extend([[prefix, "mean_x"], [prefix, "mean_y"]]) -%}
    {%- endfor -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for prefix in values -%}
        cast(sum({{ prefix }}n) as bigint) as {{ prefix }}n,
        min(whole_{{ prefix }}mean) as {{ prefix }}mean,
        {{ merged_products(prefix, "m2", "mean", "mean") }}{{ "," if not loop.last or pairs }}
        {%- if not loop.last or pairs %}
        {% endif -%}
        {% endfor -%}
        {% for prefix in pairs -%}
        cast(sum({{ prefix }}n) as bigint) as {{ prefix }}n,
        min(whole_{{ prefix }}mean_x) as {{ prefix }}mean_x,
        {{ merged_products(prefix, "m2_x", "mean_x", "mean_x") }},
        min(whole_{{ prefix }}mean_y) as {{ prefix }}mean_y,
        {{ merged_products(prefix, "m2_y", "mean_y", "mean_y") }},
        {{ merged_products(prefix, "c_xy", "mean_x", "mean_y") }}{{ "," if not loop.last }}
        {%- if not loop.last %}
        {% endif -%}
        {% endfor %}
    from (
        select
            *,
            {% for prefix, mean in means -%}
            sum({{ prefix }}n * {{ prefix }}{{ mean }}) over ({{ window }})
            / nullif(sum({{ prefix }}n) over ({{ window }}), 0) as whole_{{ prefix }}{{ mean }}{{ "," if not loop.last }}
            {%- if not loop.last %}
            {% endif -%}
            {% endfor %}
        from {{ relation }}
    ) as centred
    {% if keys -%}
    group by {{ keys | join(', ') }}
    {%- endif -%}
{%- endmacro %}

{#- The sum of the parts' own products of deviations, and of those of their means from the whole's. -#}
{% macro merged_products(prefix, product, left, right) -%}
    sum(
            {{ prefix }}{{ product }}
            + {{ prefix }}n
            * ({{ prefix }}{{ left }} - whole_{{ prefix }}{{ left }})
            * ({{ prefix }}{{ right }} - whole_{{ prefix }}{{ right }})
        ) as {{ prefix }}{{ product }}
{%- endmacro %}
