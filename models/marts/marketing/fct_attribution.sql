{%- set models = attribution_models() -%}
{%- set along_path = "partition by order_id order by touch_number" -%}

with

touches as (

    select * from {{ ref('int_touches_windowed') }}
    where touch_number is not null

),

removal_effects as (

    select * from {{ ref('int_removal_effects_solved') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

joined as (

    select
        touches.*,
        orders.net_sales_usd,
        removal_effects.removal_effect_rate
    from touches
    inner join orders on touches.order_id = orders.order_id
    left join removal_effects on touches.channel = removal_effects.channel

),

weighted as (

    select
        {% for model in models -%}
        {{ touch_weight(model, half_life_days=var('attribution_half_life_days')) }} as {{ model }}_weight,
        {% endfor -%}
        *
    from joined

),

summed as (

    select
        {% for model in models -%}
        sum({{ model }}_weight) over (
            {{ along_path }} rows between unbounded preceding and current row
        ) as {{ model }}_until_weight,
        sum({{ model }}_weight) over (
            {{ along_path }} rows between unbounded preceding and unbounded following
        ) as {{ model }}_path_weight,
        {% endfor -%}
        *
    from weighted

),

-- What the touches up to each one earn together, rounded to the cent; a touch's credit is what it adds to that.
accumulated as (

    select
        {% for model in models -%}
        {{ model }}_weight / nullif({{ model }}_path_weight, 0) as {{ model }}_rate,
        {{ usd("round(net_sales_usd * " ~ model ~ "_until_weight / nullif(" ~ model ~ "_path_weight, 0), 2)") }}
            as {{ model }}_until_usd,
        {% endfor -%}
        *
    from summed

),

credited as (

    select
        {% for model in models -%}
        {{ usd(model ~ "_until_usd - coalesce(lag(" ~ model ~ "_until_usd) over (" ~ along_path ~ "), 0)") }}
            as {{ model }}_usd,
        {% endfor -%}
        *
    from accumulated

),

attribution_models as (

    {% for model in models -%}
    select '{{ model }}' as attribution_model
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

fct_attribution as (

    select
        {{ surrogate_key(['order_id', 'session_id', 'attribution_model']) }} as attribution_key,
        credited.order_id,
        credited.session_id,
        credited.customer_id,
        attribution_models.attribution_model,
        credited.channel,
        credited.source,
        credited.medium,
        credited.campaign,
        credited.device_type,
        credited.touch_number,
        credited.touch_count,
        credited.days_before_conversion,
        case attribution_models.attribution_model
            {% for model in models -%}
            when '{{ model }}' then credited.{{ model }}_rate
            {% endfor -%}
        end as credit_rate,
        case attribution_models.attribution_model
            {% for model in models -%}
            when '{{ model }}' then credited.{{ model }}_usd
            {% endfor -%}
        end as credit_usd,
        credited.is_first_order,
        credited.conversion_date,
        credited.touched_at,
        credited.converted_at
    from credited
    cross join attribution_models

)

select * from fct_attribution
