-- One row per resident and disease register (Quality and Outcomes Framework) on 30 June.
with conditions as (
    select * from {{ ref('int_conditions_on_day') }} where code_list = 'QOF'
),

units as (
    select
        person_key,
        mid_year as period_start,
        small_area_code,
        practice_code,
        {{ five_year_band('age') }} as age_band,
        sex,
        condition_name as category
    from conditions
)

select * from units
