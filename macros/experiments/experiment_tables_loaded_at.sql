{#-
    A query for the freshness of the experimentation platform's tables: the latest assignment while an experiment runs, for somebody visits every day;
    today, the moment of the latest order, while none does.
-#}
{% macro experiment_tables_loaded_at(experiments, assignments) -%}
    select
        case
            when exists (
                select 1 from {{ experiments }}
                where
                    {{ parse_timestamp(clean_text('started_at')) }} <= {{ latest_order_at() }}
                    and coalesce({{ parse_timestamp(clean_text('ended_at')) }} >= {{ latest_order_at() }}, true)
            ) then (select max({{ parse_timestamp(clean_text('assigned_at')) }}) from {{ assignments }})
            else {{ latest_order_at() }}
        end as loaded_at
{%- endmacro %}
