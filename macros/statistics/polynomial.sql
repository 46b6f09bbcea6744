{#- A polynomial by Horner's rule, the constant term first; `x` is written once for each further coefficient: a name, not an expression. -#}
{% macro polynomial(x, coefficients) -%}
    {%- set sum = namespace(text=coefficients | last) -%}
    {%- for coefficient in coefficients[:-1] | reverse -%}
        {%- set sum.text = "(" ~ coefficient ~ " + " ~ x ~ " * " ~ sum.text ~ ")" -%}
    {%- endfor -%}
    {{ sum.text }}
{%- endmacro %}
