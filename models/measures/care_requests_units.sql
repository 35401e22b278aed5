-- One row per request of an adult resident for adult social care, in its month, by what it led to.
with requests as (
    select * from {{ ref('stg_social_care_events') }} where event_type = 'Request' and client_type = 'Service user'
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

aged as (
    select
        requests.*,
        registrations.practice_code,
        registrations.small_area_code as registered_area,
        registrations.sex as registered_sex,
        {{ age_on('registrations.birth_month', 'requests.event_start_date') }} as age
    from requests
    inner join registrations
        on requests.person_key = registrations.person_key
        and requests.event_start_date >= registrations.valid_from
        and requests.event_start_date < registrations.valid_until
),

units as (
    select
        aged.person_key,
        {{ month_of('aged.event_start_date') }} as period_start,
        areas.small_area_code,
        aged.practice_code,
        {{ five_year_band('aged.age') }} as age_band,
        aged.registered_sex as sex,
        case
            when aged.event_outcome = 'Progress to reablement/ST-Max' then 're-ablement'
            when aged.event_outcome in (
                'Progress to assessment, review or reassessment', 'Progress to support planning or services', 'Provision of service'
            ) then 'assessment'
            when aged.event_outcome in (
                'NFA: Information and advice or signposting', 'NFA: Referral to other service within the local authority'
            ) then 'advice only'
            when aged.event_outcome = 'NFA: Support declined' then 'declined'
            else 'other'
        end as category
    from aged
    inner join areas on coalesce(aged.small_area_code, aged.registered_area) = areas.small_area_code
    where aged.age >= 18
)

select * from units
