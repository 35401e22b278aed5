-- One row per emergency stay of a resident for a chronic condition that care outside hospital can often keep from hospital,
-- in the month of admission; the category is the condition.
with stays as (
    select * from {{ ref('int_ambulatory_care_stays') }} where list_name = 'chronic'
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        stays.person_key,
        {{ month_of('stays.admission_date') }} as period_start,
        stays.small_area_code,
        stays.practice_code,
        {{ five_year_band('stays.age_at_admission') }} as age_band,
        stays.sex,
        stays.condition as category
    from stays
    inner join areas on stays.small_area_code = areas.small_area_code
    where stays.age_at_admission is not null
)

select * from units
