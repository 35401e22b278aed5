-- One row per eligible discharge of a resident aged 65 and over, in the month of discharge, with what became of it.
with pathways as (
    select * from {{ ref('int_reablement_pathways') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        pathways.person_key,
        {{ month_of('pathways.discharge_date') }} as period_start,
        pathways.small_area_code,
        pathways.practice_code,
        {{ five_year_band('pathways.age_at_discharge') }} as age_band,
        pathways.sex,
        pathways.outcome as category
    from pathways
    inner join areas on pathways.small_area_code = areas.small_area_code
)

select * from units
