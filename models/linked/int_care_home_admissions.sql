-- New long-term residential or nursing care (ASCOF 2B and 2C, 2024/25): the first day of such a service before which, for 365
-- days, there had been none. One row a person and such a day; age from the month of birth in the registration.
with care as (
    select
        person_key,
        small_area_code,
        event_start_date,
        coalesce(event_end_date, cast('9999-12-31' as date)) as event_end_date,
        event_reference
    from {{ ref('stg_social_care_events') }}
    where event_type = 'Service'
        and client_type = 'Service user'
        and service_type in ('Long term support: Nursing care', 'Long term support: Residential care')
        and event_start_date is not null
),

followed as (
    select
        care.*,
        max(event_end_date) over (
            partition by person_key order by event_start_date, event_reference
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from care
),

-- No earlier service, or the last of them had ended more than 365 days before.
admissions as (
    select * from followed
    where ended_before is null or ended_before < {{ dbt.dateadd('day', -365, 'event_start_date') }}
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

aged as (
    select
        admissions.person_key,
        admissions.event_start_date as admission_date,
        coalesce(admissions.small_area_code, registrations.small_area_code) as small_area_code,
        registrations.practice_code,
        registrations.sex,
        {{ age_on('registrations.birth_month', 'admissions.event_start_date') }} as age
    from admissions
    inner join registrations
        on admissions.person_key = registrations.person_key
        and admissions.event_start_date >= registrations.valid_from
        and admissions.event_start_date < registrations.valid_until
)

select * from aged
