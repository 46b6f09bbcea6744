{#- Whether a browser says of itself that it is a program: the words by which crawlers, monitors and scripts name themselves. -#}
{% macro is_announced_crawler(user_agent) -%}
    coalesce({{ matches('lower(' ~ user_agent ~ ')', 'bot|crawl|spider|slurp|scrape|headless|lighthouse|pingdom|monitor|facebookexternalhit|python|curl|wget|httpclient|okhttp|go-http') }}, false)
{%- endmacro %}
