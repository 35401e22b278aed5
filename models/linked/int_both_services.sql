-- Adults known to adult social care in a financial year, once a year, and whether a hospital or a community health service saw
-- them in the same year. Social care: a request, an assessment or a review in the year, or a service that ran in it.
with years as (
    select month_start as year_start, cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 12, 'month_start')) }} as date) as year_end
    from {{ ref('stg_covered_months') }}
    where extract_name = 'social_care_events' and extract(month from month_start) = 4
),

social_care as (
    select
        events.person_key,
        years.year_start,
        years.year_end,
        greatest(min(events.event_start_date), years.year_start) as first_day
    from {{ ref('stg_social_care_events') }} as events
    inner join years
        on events.event_start_date <= years.year_end
        and (
            events.event_start_date >= years.year_start
            or (events.event_type = 'Service' and coalesce(events.event_end_date, years.year_end) >= years.year_start)
        )
    where events.client_type = 'Service user'
    group by events.person_key, years.year_start, years.year_end
),

seen as (
    select person_key, admission_date as seen_from, coalesce(discharge_date, admission_date) as seen_until from {{ ref('int_spells') }}
    union all
    select person_key, arrival_date, arrival_date from {{ ref('stg_emergency_care') }}
    union all
    select person_key, appointment_date, appointment_date from {{ ref('stg_outpatients') }} where attendance = 'attended'
    union all
    select person_key, contact_date, contact_date from {{ ref('stg_community_contacts') }} where attendance = 'attended'
),

seen_in_year as (
    select distinct social_care.person_key, social_care.year_start
    from social_care
    inner join seen
        on social_care.person_key = seen.person_key
        and seen.seen_from <= social_care.year_end
        and seen.seen_until >= social_care.year_start
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

both_services as (
    select
        social_care.person_key,
        social_care.year_start,
        {{ age_on('registrations.birth_month', 'social_care.first_day') }} as age,
        registrations.sex,
        registrations.small_area_code,
        registrations.practice_code,
        seen_in_year.person_key is not null as is_seen_by_health
    from social_care
    inner join registrations
        on social_care.person_key = registrations.person_key
        and social_care.first_day >= registrations.valid_from
        and social_care.first_day < registrations.valid_until
    left join seen_in_year
        on social_care.person_key = seen_in_year.person_key and social_care.year_start = seen_in_year.year_start
)

select * from both_services where age >= 18
