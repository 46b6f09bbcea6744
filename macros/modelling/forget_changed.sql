{#-
    A pre-hook of an incremental model that adds the keys that its table lacks: forget those whose rows are no longer what they were made of.

    Together they replace the keys that new, corrected, late and withdrawn rows touch, and no other, however late they are and in whatever
    order: nothing depends on a time of arrival. A build that is cut off between the two is completed by the next.
-#}
{% macro forget_changed(key, fresh, hash, row_count='count(*)') -%}
    {%- if is_incremental() %}
    delete from {{ this }} where {{ key }} in {{ changed_keys(key, held=keys_hashed(this, key, hash, row_count=row_count), fresh=fresh) }}
    {%- endif %}
{%- endmacro %}
