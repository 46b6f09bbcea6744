{#-
    Half the width of an interval of level 1 - alpha: Student's t with df degrees of freedom, the normal distribution if df is none. From alpha 1 on the
    quantile is not negative, and its sign would be wrong. As flat as can be, for the linter reads only so deep.
-#}
{% macro interval_margin(se, df, alpha) -%}
    {%- set reach -%}
        -{{ student_t_quantile("(" ~ alpha ~ ") / 2e0", df) if df is not none else normal_quantile("(" ~ alpha ~ ") / 2e0") }}
    {%- endset -%}
    {%- set sound = "case when (" ~ alpha ~ ") < 1e0 then nullif(greatest(cast(" ~ se ~ " as double), 0e0), 0e0) end" -%}
    {{ finite(sound ~ " * " ~ reach) }}
{%- endmacro %}
