-- One row per adult resident known to adult social care, once a financial year, in the first month of the year.
with people as (
    select * from {{ ref('int_both_services') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        people.person_key,
        people.year_start as period_start,
        people.small_area_code,
        people.practice_code,
        {{ five_year_band('people.age') }} as age_band,
        people.sex,
        case when people.is_seen_by_health then 'both' else 'social care only' end as category
    from people
    inner join areas on people.small_area_code = areas.small_area_code
)

select * from units
