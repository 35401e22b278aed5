-- Registrations as periods of residence and practice; a later registration ends the earlier one, and death ends all.
with registrations as (
    select * from {{ ref('stg_gp_registrations') }}
),

first_deaths as (
    select person_key, min(death_date) as death_date from {{ ref('stg_deaths') }} group by person_key
),

followed as (
    select
        registrations.*,
        lead(registrations.registered_from)
            over (partition by registrations.person_key order by registrations.registered_from, registrations.registration_id)
            as next_from
    from registrations
),

periods as (
    select
        followed.registration_id,
        followed.person_key,
        followed.birth_month,
        followed.small_area_code,
        followed.sex,
        followed.practice_code,
        followed.registered_from as valid_from,
        -- the first day on which it is no longer valid
        least(
            coalesce(cast({{ dbt.dateadd('day', 1, 'followed.registered_to') }} as date), cast('9999-12-31' as date)),
            coalesce(followed.next_from, cast('9999-12-31' as date)),
            coalesce(first_deaths.death_date, cast('9999-12-31' as date))
        ) as valid_until
    from followed
    left join first_deaths on followed.person_key = first_deaths.person_key
)

select * from periods where valid_from < valid_until
