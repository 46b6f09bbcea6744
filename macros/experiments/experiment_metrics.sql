{#-
    The metrics that experiments are judged by, as `experiment_metrics` in dbt_project.yml declares them, with what a declaration leaves out filled in.
    A declaration that cannot be computed is an error that names it.
-#}
{% macro experiment_metrics() -%}
    {%- set metrics = [] -%}
    {%- set problems = [] -%}
    {%- set names = [] -%}
    {%- for declared in var('experiment_metrics') -%}
        {%- set metric = {
            'aliases': [], 'denominator': none, 'window_days': none, 'winsorized_at': none, 'assigned': ['anonymous_id', 'customer_id'], 'unit': 'number', 'better': 1,
        } -%}
        {%- do metric.update(declared) -%}
        {%- do names.extend([metric.name] + metric.aliases) -%}
        {%- if metric.kind not in ['mean', 'proportion', 'ratio'] -%}
            {%- do problems.append(metric.name ~ " is of kind '" ~ metric.kind ~ "'; it may be mean, proportion or ratio") -%}
        {%- endif -%}
        {%- for measure in [metric.numerator] + ([metric.denominator] if metric.denominator else []) if measure not in experiment_measures() -%}
            {%- do problems.append(metric.name ~ " measures '" ~ measure ~ "'; there are " ~ experiment_measures() | join(', ')) -%}
        {%- endfor -%}
        {%- if (metric.kind == 'ratio') != (metric.denominator is not none) -%}
            {%- do problems.append(metric.name ~ ": a ratio has a denominator, other kinds are per unit and have none") -%}
        {%- endif -%}
        {%- if metric.kind == 'proportion' and metric.numerator != 'buyers' -%}
            {%- do problems.append(metric.name ~ ": a proportion counts units that did something, which of the measures only buyers does") -%}
        {%- endif -%}
        {%- if metric.winsorized_at is not none and (metric.kind != 'mean' or not 0 < metric.winsorized_at < 1) -%}
            {%- do problems.append(metric.name ~ ": only a mean is winsorized, at a quantile between 0 and 1") -%}
        {%- endif -%}
        {%- if metric.window_days is not none and not metric.window_days > 0 -%}
            {%- do problems.append(metric.name ~ ": window_days is a number of days above 0, or left out") -%}
        {%- endif -%}
        {%- if metric.unit not in ['share', 'number', 'usd'] -%}
            {%- do problems.append(metric.name ~ " is in '" ~ metric.unit ~ "'; it may be a share, a number or usd") -%}
        {%- endif -%}
        {%- if metric.better not in [1, -1] -%}
            {%- do problems.append(metric.name ~ ": better is 1 where more is better, -1 where less is") -%}
        {%- endif -%}
        {%- do metrics.append(metric) -%}
    {%- endfor -%}
    {%- if names | unique | list | length < names | length -%}
        {%- do problems.append("names and aliases repeat: " ~ names | sort | join(', ')) -%}
    {%- endif -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error("experiment_metrics in dbt_project.yml:\n  - " ~ problems | join('\n  - ')) -%}
    {%- endif -%}
    {{ return(metrics) }}
{%- endmacro %}

{#- What of a unit can be measured: the names that a metric's numerator and denominator may have. -#}
{% macro experiment_measures() -%}
    {{ return(['sessions', 'orders', 'buyers', 'sales_usd', 'refund_usd', 'net_sales_usd']) }}
{%- endmacro %}
