-- One row per course of re-ablement that has ended, of an adult resident who had no long-term support before, in the month of its end.
with courses as (
    select * from {{ ref('int_reablement_sequels') }} where age >= 18
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        courses.person_key,
        {{ month_of('courses.course_end') }} as period_start,
        courses.small_area_code,
        courses.practice_code,
        {{ five_year_band('courses.age') }} as age_band,
        courses.sex,
        case
            when not courses.is_followed_up then 'not yet known'
            when courses.is_in_measure then courses.sequel
            else 'not counted'
        end as category
    from courses
    inner join areas on courses.small_area_code = areas.small_area_code
)

select * from units
