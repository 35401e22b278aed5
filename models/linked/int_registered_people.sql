-- People registered on 30 June of each year that the registrations cover, with their age on that day.
with registrations as (
    select * from {{ ref('int_registrations') }}
),

mid_years as (
    select cast({{ dbt.dateadd('day', 29, 'month_start') }} as date) as mid_year
    from {{ ref('stg_covered_months') }}
    where extract_name = 'gp_registrations' and extract(month from month_start) = 6
),

registered as (
    select
        registrations.person_key,
        mid_years.mid_year,
        registrations.small_area_code,
        registrations.practice_code,
        registrations.sex,
        {{ age_on('registrations.birth_month', 'mid_years.mid_year') }} as age
    from registrations
    inner join mid_years
        on mid_years.mid_year >= registrations.valid_from and mid_years.mid_year < registrations.valid_until
)

select * from registered
