{#- The smallest effect that a two-sided test at alpha finds with the given probability. -#}
{% macro detectable_effect(se, alpha, power) -%}
    {{ finite("nullif(greatest(cast(" ~ se ~ " as double), 0e0), 0e0) * " ~ power_reach(alpha, power)) }}
{%- endmacro %}
