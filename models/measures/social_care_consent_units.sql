-- One row per resident known to adult social care, once a financial year, in the month of the first event.
with consents as (
    select * from {{ ref('stg_social_care_consent') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        consents.person_number as person_key,
        consents.month_start as period_start,
        consents.small_area_code,
        consents.practice_code,
        consents.age_band,
        consents.sex,
        consents.social_care_consent as category
    from consents
    inner join areas on consents.small_area_code = areas.small_area_code
)

select * from units
