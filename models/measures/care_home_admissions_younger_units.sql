-- One row per new admission of a resident aged 20 to 64 to long-term residential or nursing care, in the month of the first day.
with admissions as (
    select * from {{ ref('int_care_home_admissions') }} where age >= 20 and age <= 64
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        admissions.person_key,
        {{ month_of('admissions.admission_date') }} as period_start,
        admissions.small_area_code,
        admissions.practice_code,
        {{ five_year_band('admissions.age') }} as age_band,
        admissions.sex,
        'admitted' as category
    from admissions
    inner join areas on admissions.small_area_code = areas.small_area_code
)

select * from units
