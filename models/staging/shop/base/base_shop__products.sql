-- depends_on: {{ ref('products') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'products') }}

),

cleaned as (

    select
        {{ clean_text('product_id') }} as product_id,
        {{ clean_text('sku') }} as sku,
        {{ clean_text('product_name') }} as product_name,
        {{ clean_text('category') }} as category,
        {{ clean_text('subcategory') }} as subcategory,
        {{ clean_text('is_active') }} as is_active_text,
        {{ clean_text('created_at') }} as created_at_text,
        {{ clean_text('updated_at') }} as updated_at_text,
        {{ json_record([
            'product_id', 'sku', 'product_name', 'category', 'subcategory', 'is_active', 'created_at',
            'updated_at',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_boolean('is_active_text') }} as is_active,
        {{ parse_timestamp('created_at_text') }} as created_at,
        {{ parse_timestamp('updated_at_text') }} as updated_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('product_id'),
            missing('product_name'),
            missing('category'),
            invalid('is_active', 'boolean'),
            missing('is_active'),
            invalid('created_at', 'timestamp'),
            missing('created_at'),
            invalid('updated_at', 'timestamp'),
            missing('updated_at'),
        ]) }}
    from typed

),

numbered as (

    select
        *,
        row_number() over (partition by source_record order by source_record) as copy_number
    from judged

),

ranked as (

    select
        *,
        {{ record_status(['product_id'], latest='updated_at') }} as record_status
    from numbered

),

base_shop__products as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        product_id,
        sku,
        product_name,
        category,
        subcategory,
        is_active,
        created_at,
        updated_at
    from ranked

)

select * from base_shop__products
