{#- What the publisher has to know of this invocation, as a dictionary. -#}
{% macro describe_build() %}
    {%- set now = modules.datetime.datetime.now(modules.pytz.utc) -%}
    {%- set root = invocation_args_dict.get('project_dir') or '.' -%}
    {%- set limits = [] -%}
    {%- for flag in ['empty', 'sample', 'defer'] if invocation_args_dict.get(flag) -%}
        {%- do limits.append('--' ~ flag) -%}
    {%- endfor -%}
    {{ return({
        'invocation_id': invocation_id,
        'command': invocation_args_dict.get('invocation_command') or flags.WHICH,
        'dbt_version': dbt_version,
        'project_root': root,
        'target_path': (flags.TARGET_PATH or 'target') | string,
        'limits': limits | join(' '),
        'settings': {
            'vars': invocation_args_dict.get('vars', {}),
            'RAW_PATH': env_var('RAW_PATH', ''),
            'SYSTEMS': env_var('SYSTEMS', '')
        },
        'started_at': run_started_at.isoformat(),
        'now': now.isoformat(timespec='seconds'),
        'seconds': (now - run_started_at).total_seconds() | round(3)
    }) }}
{% endmacro %}
