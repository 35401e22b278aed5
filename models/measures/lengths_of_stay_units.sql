-- One row per emergency stay of a resident that has ended, in the month of discharge, by nights in hospital.
with stays as (
    select
        int_spells.*,
        {{ dbt.datediff('admission_date', 'discharge_date', 'day') }} as days
    from {{ ref('int_spells') }} as int_spells
    where admission_method like '2%' and discharge_date is not null and age_at_admission is not null
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        stays.person_key,
        {{ month_of('stays.discharge_date') }} as period_start,
        stays.small_area_code,
        stays.practice_code,
        {{ five_year_band('stays.age_at_admission') }} as age_band,
        stays.sex,
        case
            when stays.days >= 21 then '21 days or more'
            when stays.days >= 14 then '14 to 20 days'
            when stays.days >= 7 then '7 to 13 days'
            else '0 to 6 days'
        end as category
    from stays
    inner join areas on stays.small_area_code = areas.small_area_code
)

select * from units
