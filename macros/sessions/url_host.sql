{#- The host of an address such as `https://www.Example.com:443/page`: `example.com`; null where the address names none. -#}
{% macro url_host(url) -%}
    nullif(regexp_extract(lower({{ url }}), '^[a-z][a-z0-9+.-]*://([^/?#@]*@)?(www[.])?([^/?#:]*)', 3), '')
{%- endmacro %}
