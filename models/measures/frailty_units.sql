-- One row per resident aged 65 and over who is frail on 30 June, by the electronic frailty index: deficits of 36, with the
-- cut-offs 0.12, 0.24 and 0.36 (Clegg et al. 2016, Age and Ageing 45:353-360).
with deficits as (
    select * from {{ ref('int_conditions_on_day') }} where code_list = 'eFI' and age >= 65
),

counted as (
    select person_key, mid_year, small_area_code, practice_code, sex, age, count(*) / 36.0 as frailty_index
    from deficits
    group by person_key, mid_year, small_area_code, practice_code, sex, age
),

units as (
    select
        person_key,
        mid_year as period_start,
        small_area_code,
        practice_code,
        {{ five_year_band('age') }} as age_band,
        sex,
        case
            when frailty_index > 0.36 then 'severe'
            when frailty_index > 0.24 then 'moderate'
            else 'mild'
        end as category
    from counted
    where frailty_index > 0.12
)

select * from units
