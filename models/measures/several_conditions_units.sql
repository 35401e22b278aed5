-- One row per resident on two disease registers or more on 30 June, by how many. Registers that are of a risk or a stage of care,
-- not a condition, do not count: obesity, prevention of heart disease, palliative care.
with conditions as (
    select * from {{ ref('int_conditions_on_day') }} where code_list = 'QOF' and code not in ('OB', 'CVDPP', 'PC')
),

counted as (
    select person_key, mid_year, small_area_code, practice_code, sex, age, count(*) as conditions
    from conditions
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
        case when conditions >= 4 then '4 or more' else '2 or 3' end as category
    from counted
    where conditions >= 2
)

select * from units
