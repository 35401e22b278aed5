-- How many people of each extract and month are known to a general practice by the same key: whether records of one
-- person find one another. Numbers of everyone who landed, before permissions are applied (purpose coverage).
with registered as (
    select distinct person_key from {{ source('landed', 'gp_registrations') }}
),

covered_months as (
    select * from {{ ref('stg_covered_months') }}
),

all_rows as (
    {%- for extract, told in landed_extracts().items() if extract != 'gp_registrations' %}
    select
        '{{ extract }}' as extract_name,
        {{ month_of(told.day) }} as month_start,
        person_key
    from {{ source('landed', extract) }}
    where person_key is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- a person counts once in an extract and month, so what follows counts rows
people_of_months as (
    select distinct
        all_rows.extract_name,
        all_rows.month_start,
        all_rows.person_key
    from all_rows
    inner join covered_months
        on all_rows.extract_name = covered_months.extract_name and all_rows.month_start = covered_months.month_start
),

linkage as (
    select
        people_of_months.extract_name,
        people_of_months.month_start,
        count(*) as people,
        count(registered.person_key) as people_registered
    from people_of_months
    left join registered on people_of_months.person_key = registered.person_key
    group by people_of_months.extract_name, people_of_months.month_start
)

select * from linkage
