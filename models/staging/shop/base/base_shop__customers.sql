-- depends_on: {{ ref('customers') if not raw_path() }}
with

source as (

    select * from {{ source('shop', 'customers') }}

),

cleaned as (

    select
        {{ clean_text('customer_id') }} as customer_id,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('full_name') }} as full_name,
        upper({{ clean_text('country_code') }}) as country_code,
        {{ clean_text('region') }} as region,
        {{ clean_text('city') }} as city,
        {{ clean_text('marketing_opt_in') }} as marketing_opt_in_text,
        {{ clean_text('created_at') }} as created_at_text,
        {{ clean_text('updated_at') }} as updated_at_text,
        {{ json_record([
            'customer_id', 'email', 'full_name', 'country_code', 'region', 'city', 'marketing_opt_in',
            'created_at', 'updated_at',
        ]) }} as source_record
    from source

),

typed as (

    select
        *,
        {{ parse_boolean('marketing_opt_in_text') }} as marketing_opt_in,
        {{ parse_timestamp('created_at_text') }} as created_at,
        {{ parse_timestamp('updated_at_text') }} as updated_at
    from cleaned

),

judged as (

    select
        *,
        {{ rejection([
            missing('customer_id'),
            invalid('marketing_opt_in', 'boolean'),
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
        {{ record_status(['customer_id'], latest='updated_at') }} as record_status
    from numbered

),

base_shop__customers as (

    select
        {{ surrogate_key(['source_record', 'copy_number']) }} as record_key,
        record_status,
        rejected_column,
        rejection_reason,
        source_record,
        customer_id,
        email,
        full_name,
        country_code,
        region,
        city,
        marketing_opt_in,
        created_at,
        updated_at
    from ranked

)

select * from base_shop__customers
