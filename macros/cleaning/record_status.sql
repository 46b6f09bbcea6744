{#-
    `accepted` for the one row of each key that stands, `duplicate` for its other versions and copies, `rejected` for rows with a reason.
    Rejected rows do not compete: where the latest version is broken, the latest sound one stands. `copy_number` tells equal copies apart.
-#}
{% macro record_status(key, latest=none) -%}
    case
        when rejection_reason is not null then 'rejected'
        when row_number() over (
            partition by {{ key | join(', ') }}, rejection_reason is null
            order by {% if latest %}{{ latest }} desc, {% endif %}source_record desc, copy_number
        ) = 1 then 'accepted'
        else 'duplicate'
    end
{%- endmacro %}
