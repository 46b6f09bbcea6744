{#- A whole number, with or without thousands separators or a fraction of zeros; all else is null. -#}
{% macro parse_integer(text) -%}
    (case
        when {{ matches(text, '^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.]0+)?$') }}
            then cast({{ try_cast("replace(" ~ text ~ ", ',', '')", 'decimal(18, 0)') }} as bigint)
    end)
{%- endmacro %}
