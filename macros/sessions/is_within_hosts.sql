{#- Whether a host, as `url_host` gives it, is one of the listed hosts or lies below one; null where it is null. -#}
{% macro is_within_hosts(host, hosts) -%}
    (
        {%- for listed in hosts %}
        {%- set listed = listed | lower | replace('www.', '', 1) %}
        {% if not loop.first %}or {% endif %}{{ host }} = '{{ listed }}' or {{ host }} like '%.{{ listed }}'
        {%- endfor %}
    )
{%- endmacro %}
