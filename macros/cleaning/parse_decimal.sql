{#- `1234.5`, `-1234.50`, `1,234.50` as a decimal, rounded to the scale; all else, `12,50` included, is null. -#}
{% macro parse_decimal(text, precision=18, scale=2) -%}
    (case
        when {{ matches(text, '^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?$') }}
            then {{ try_cast("replace(" ~ text ~ ", ',', '')", 'decimal(' ~ precision ~ ', ' ~ scale ~ ')') }}
    end)
{%- endmacro %}
