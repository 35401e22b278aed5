-- One row per discharge of a resident after which an emergency readmission counts, in the month of discharge.
with discharges as (
    select * from {{ ref('int_discharges_followed_up') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        discharges.person_key,
        {{ month_of('discharges.discharge_date') }} as period_start,
        discharges.small_area_code,
        discharges.practice_code,
        {{ five_year_band('discharges.age_at_admission') }} as age_band,
        discharges.sex,
        case
            when discharges.readmission_date is not null then 'readmitted'
            when discharges.is_followed_up then 'not readmitted'
            else 'not yet known'
        end as category
    from discharges
    inner join areas on discharges.small_area_code = areas.small_area_code
    where discharges.age_at_admission is not null
)

select * from units
