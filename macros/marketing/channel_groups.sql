{#- Names of GA4's default channel groups, in the order of its rules. -#}
{% macro channel_groups() -%}
    {%- do return([
        'Direct',
        'Cross-network',
        'Paid Shopping',
        'Paid Search',
        'Paid Social',
        'Paid Video',
        'Display',
        'Paid Other',
        'Organic Shopping',
        'Organic Social',
        'Organic Video',
        'Organic Search',
        'Referral',
        'Email',
        'Affiliates',
        'Audio',
        'SMS',
        'Mobile Push Notifications',
        'Unassigned',
    ]) -%}
{%- endmacro %}
