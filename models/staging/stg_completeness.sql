-- How many rows of each file in store have a person key, and all fields that figures rest on. Numbers of everyone who
-- landed, before permissions are applied, and nothing but numbers (purpose coverage).
with
{%- for extract, told in landed_extracts().items() %}
{{ extract }}_rows as (
    select
        '{{ extract }}' as extract_name,
        _file_id as file_id,
        person_key,
        case when {{ told.complete | join(' and ') }} then 1 else 0 end as is_complete
    from {{ source('landed', extract) }}
),
{%- endfor %}

all_rows as (
    {%- for extract in landed_extracts() %}
    select * from {{ extract }}_rows
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

completeness as (
    select
        extract_name,
        file_id,
        count(*) as rows_landed,
        count(person_key) as rows_with_key,
        count(distinct person_key) as people,
        cast(sum(is_complete) as {{ dbt.type_bigint() }}) as rows_complete
    from all_rows
    group by extract_name, file_id
)

select * from completeness
