-- One row per emergency spell (method of admission 2*) of a resident of the place, in the month of admission.
with spells as (
    select * from {{ ref('int_spells') }} where admission_method like '2%'
),

areas as (
    select * from {{ ref('int_areas') }}
),

of_residents as (
    select
        spells.spell_id,
        spells.person_key,
        spells.admission_date,
        {{ month_of('spells.admission_date') }} as period_start,
        {{ financial_year('spells.admission_date') }} as year_start,
        spells.small_area_code,
        spells.practice_code,
        {{ five_year_band('spells.age_at_admission') }} as age_band,
        spells.sex
    from spells
    inner join areas on spells.small_area_code = areas.small_area_code
    where spells.age_at_admission is not null
),

-- People are counted once a year, where and as old as they were at their first emergency admission of the year.
units as (
    select
        person_key,
        period_start,
        small_area_code,
        practice_code,
        age_band,
        sex,
        case
            when row_number() over (partition by person_key, year_start order by admission_date, spell_id) = 1
                then 'first of the year'
            else 'later in the year'
        end as category
    from of_residents
)

select * from units
