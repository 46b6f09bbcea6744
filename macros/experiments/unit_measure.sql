{#- What a unit did in a period, as a double: one of `experiment_measures`, from the sums `<period>_session_count` and so on. -#}
{% macro unit_measure(measure, period) -%}
    {%- set sums = {
        'sessions': 'session_count', 'orders': 'order_count', 'sales_usd': 'sales_usd', 'refund_usd': 'refund_usd', 'net_sales_usd': 'net_sales_usd',
    } -%}
    {%- if measure is none -%}
        1e0
    {%- elif measure == 'buyers' -%}
        case when {{ period }}_order_count > 0 then 1e0 else 0e0 end
    {%- else -%}
        cast({{ period }}_{{ sums[measure] }} as double)
    {%- endif -%}
{%- endmacro %}
