-- People known to adult social care, once a financial year at their first event, and whether their consent is recorded:
-- those too who refused. For counting alone, so a number stands where others have the person key.
with events as (
    {{ permitted('social_care_events', 'coverage') }}
),

states as (
    select * from {{ ref('stg_person_permissions') }}
),

spellings as (
    select * from {{ ref('cld_values') }} where field = 'Gender'
),

dated as (
    select
        events.*,
        {{ financial_year('events.event_start_date') }} as year_start
    from events
    where events.event_start_date is not null
),

ranked as (
    select
        dated.*,
        row_number() over (
            partition by person_key, year_start order by event_start_date, event_reference
        ) as position_in_year
    from dated
),

aged as (
    select
        ranked.*,
        -- the month of birth where it is told, else the middle of the year
        cast(floor((
            (extract(year from event_start_date) - der_birth_year) * 12
            + extract(month from event_start_date) - coalesce(der_birth_month, 7)
        ) / 12.0) as integer) as age
    from ranked
    where position_in_year = 1
),

consents as (
    select
        cast(row_number() over (order by aged.event_start_date, aged.gp_practice_code) as {{ dbt.type_string() }}) as person_number,
        {{ month_of('aged.event_start_date') }} as month_start,
        aged.lsoa21 as small_area_code,
        aged.gp_practice_code as practice_code,
        {{ five_year_band('aged.age') }} as age_band,
        {{ sex_in_words('coalesce(spellings.standard, aged.gender)') }} as sex,
        states.social_care_consent
    from aged
    inner join states on aged.person_key = states.person_key
    left join spellings on aged.gender = spellings.spelling
    where aged.age is not null
)

select * from consents
