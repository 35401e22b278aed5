-- People who may be used for risk stratification under section 251, with their latest registration: where a measure of
-- that purpose starts. It stages further extracts it needs as this one, with permitted(extract, 'risk_stratification').
with registrations as (
    {{ permitted('gp_registrations', 'risk_stratification') }}
),

ranked as (
    select
        registrations.*,
        row_number() over (partition by person_key order by registered_from desc, registration_id desc) as recency
    from registrations
),

people as (
    select
        person_key,
        birth_month,
        {{ sex('sex') }} as sex,
        lsoa_code as small_area_code,
        practice_code,
        registered_from,
        registered_to
    from ranked
    where recency = 1
)

select * from people
