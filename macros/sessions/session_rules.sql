{#- What a published standard calls a session: the options of `sessionize`, the longest timeout one may set, and when a session counts as engaged. -#}
{% macro session_rules(standard, campaign='utm_campaign') -%}
    {%- set rules = {
        'UA': {
            'options': {
                'timeout_seconds': 1800,
                'splits_at_timeout': true,
                'splits_at_midnight': true,
                'splits_on_change_of': campaign,
            },
            'longest_timeout_seconds': 14400,
            'engaged': none,
        },
        'GA4': {
            'options': {
                'timeout_seconds': 1800,
                'splits_at_timeout': true,
                'splits_at_midnight': false,
                'splits_on_change_of': none,
            },
            'longest_timeout_seconds': 28500,
            'engaged': {'longer_than_seconds': 10, 'view_count': 2, 'key_event_count': 1},
        },
    } -%}
    {%- if standard not in rules -%}
        {%- do exceptions.raise_compiler_error(
            "session_rules knows " ~ rules | join(' and ') ~ ", not '" ~ standard ~ "'."
        ) -%}
    {%- endif -%}
    {%- do return(rules[standard]) -%}
{%- endmacro %}
