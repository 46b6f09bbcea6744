{#- The host of an address such as `https://www.Example.com:443/page`: `example.com`; null where the address names none. -#}
{% macro url_host(url) -%}
    {%- set host_and_port = dbt.split_part("replace(lower(" ~ url ~ "), '//www.', '//')", "'/'", 3) -%}
    nullif(
        {{ dbt.split_part(host_and_port, "':'", 1) }},
        ''
    )
{%- endmacro %}
