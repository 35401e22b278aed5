-- People registered on 30 June whose records are in no figure, so that they can be counted: no more of them than that.
-- A number stands where others have the person key, so that nobody who opted out can be followed into another record.
with registrations as (
    {{ permitted('gp_registrations', 'coverage') }}
),

deaths as (
    {{ permitted('deaths', 'coverage') }}
),

-- The rows of the figures, by the same rule as in stg_gp_registrations.
counted as (
    {{ permitted('gp_registrations') }}
),

states as (
    select * from {{ ref('stg_person_permissions') }}
),

first_deaths as (
    select person_key, min(reg_date_of_death) as death_date from deaths group by person_key
),

mid_years as (
    select cast({{ dbt.dateadd('day', 29, 'month_start') }} as date) as mid_year
    from {{ ref('stg_covered_months') }}
    where extract_name = 'gp_registrations' and extract(month from month_start) = 6
),

not_counted as (
    select registrations.*
    from registrations
    left join counted on registrations.registration_id = counted.registration_id
    where counted.registration_id is null
),

-- A later registration ends the earlier one, as in int_registrations.
latest as (
    select
        not_counted.*,
        mid_years.mid_year,
        row_number() over (
            partition by not_counted.person_key, mid_years.mid_year
            order by not_counted.registered_from desc, not_counted.registration_id desc
        ) as recency
    from not_counted
    inner join mid_years on not_counted.registered_from <= mid_years.mid_year
),

registered as (
    select
        latest.*,
        states.practice_takes_part
    from latest
    inner join states on latest.person_key = states.person_key
    left join first_deaths on latest.person_key = first_deaths.person_key
    where latest.recency = 1
        and (latest.registered_to is null or latest.registered_to >= latest.mid_year)
        and (first_deaths.death_date is null or first_deaths.death_date > latest.mid_year)
),

coverage as (
    select
        cast(row_number() over (order by mid_year, practice_code) as {{ dbt.type_string() }}) as person_number,
        mid_year,
        lsoa_code as small_area_code,
        practice_code,
        {{ five_year_band(age_on('birth_month', 'mid_year')) }} as age_band,
        {{ sex('sex') }} as sex,
        case when practice_takes_part then 'opted out' else 'practice does not take part' end as reason
    from registered
)

select * from coverage
