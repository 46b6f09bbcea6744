{#- Whether a browser says of itself that it is a program: the words by which crawlers, previews, monitors and scripts name themselves. Cubot is a make of telephones. -#}
{% macro is_announced_crawler(user_agent) -%}
    coalesce({{ matches(
        "replace(lower(" ~ user_agent ~ "), 'cubot', '')",
        'bot|crawl|spider|slurp|scrape|archiver|preview|headless|phantomjs|lighthouse|pingdom|monitor|synthetics'
        ~ '|facebookexternalhit|mediapartners|googleother|google-inspectiontool|chatgpt-user'
        ~ '|python|libwww|curl|wget|httrack|httpclient|okhttp|go-http|axios|node-fetch|(^| )java/'
    ) }}, false)
{%- endmacro %}
