-- Conditions that people had on 30 June: disease registers (within the ages that a register counts) and deficits of the
-- frailty index. One row a person, day and code. Only people who lived in the place.
with people as (
    select * from {{ ref('int_registered_people') }}
),

conditions as (
    select * from {{ ref('stg_gp_conditions') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

conditions_on_day as (
    select distinct
        people.person_key,
        people.mid_year,
        people.small_area_code,
        people.practice_code,
        people.sex,
        people.age,
        conditions.code_list,
        conditions.code,
        conditions.condition_name
    from people
    inner join areas on people.small_area_code = areas.small_area_code
    inner join conditions
        on people.person_key = conditions.person_key
        and conditions.first_date <= people.mid_year
        and coalesce(conditions.last_date, people.mid_year) >= people.mid_year
        and people.age >= coalesce(conditions.minimum_age, people.age)
        and people.age <= coalesce(conditions.maximum_age, people.age)
)

select * from conditions_on_day
