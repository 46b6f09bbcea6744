{#-
    The default channel group of Google Analytics 4 that a visit belongs to: the first rule that holds. Regular expressions are as Google publishes them.
    Nothing known at all is what Google writes as source `(direct)` and medium `(none)`.
-#}
{% macro channel_group(source, medium, campaign, source_category) -%}
    {%- set source, medium, campaign = "lower(" ~ source ~ ")", "lower(" ~ medium ~ ")", "lower(" ~ campaign ~ ")" -%}
    {%- set is_paid = matches(medium, '^(.*cp.*|ppc|retargeting|paid.*)$') -%}
    {%- set is_shopping = "(" ~ source_category ~ " = 'shopping' or "
        ~ matches(campaign, '^(.*(([^a-df-z]|^)shop|shopping).*)$') ~ ")" -%}
    case
        when {{ source }} is null and {{ medium }} is null and {{ campaign }} is null then 'Direct'
        when {{ source }} = '(direct)' and {{ medium }} in ('(not set)', '(none)') then 'Direct'
        when {{ matches(campaign, 'cross-network') }} then 'Cross-network'
        when {{ is_shopping }} and {{ is_paid }} then 'Paid Shopping'
        when {{ source_category }} = 'search' and {{ is_paid }} then 'Paid Search'
        when {{ source_category }} = 'social' and {{ is_paid }} then 'Paid Social'
        when {{ source_category }} = 'video' and {{ is_paid }} then 'Paid Video'
        when {{ medium }} in ('display', 'banner', 'expandable', 'interstitial', 'cpm') then 'Display'
        when {{ is_paid }} then 'Paid Other'
        when {{ is_shopping }} then 'Organic Shopping'
        when
            {{ source_category }} = 'social'
            or {{ medium }} in ('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')
            then 'Organic Social'
        when {{ source_category }} = 'video' or {{ matches(medium, 'video') }} then 'Organic Video'
        when {{ source_category }} = 'search' or {{ medium }} = 'organic' then 'Organic Search'
        when {{ medium }} in ('referral', 'app', 'link') then 'Referral'
        when
            {{ source }} in ('email', 'e-mail', 'e_mail', 'e mail')
            or {{ medium }} in ('email', 'e-mail', 'e_mail', 'e mail')
            then 'Email'
        when {{ medium }} = 'affiliate' then 'Affiliates'
        when {{ medium }} = 'audio' then 'Audio'
        when {{ source }} = 'sms' or {{ medium }} = 'sms' then 'SMS'
        when
            {{ matches(medium, 'push$|mobile|notification') }} or {{ source }} = 'firebase'
            then 'Mobile Push Notifications'
        else 'Unassigned'
    end
{%- endmacro %}
