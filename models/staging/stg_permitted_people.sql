-- Whose records may be used for which purpose, by the register (seeds/purposes.csv). One row a person and purpose; a
-- purpose for which no extract is registered permits nobody.
with states as (
    select * from {{ ref('stg_person_permissions') }}
),

purposes as (
    select * from {{ ref('purposes') }}
    where purpose in (select purpose from {{ ref('extract_purposes') }})
),

permitted as (
    select
        states.person_key,
        purposes.purpose,
        -- consent that is not recorded is not refused, and not given either: the register says which one is asked for
        purposes.social_care_consent = 'not needed'
        or (purposes.social_care_consent = 'not refused' and states.social_care_consent <> 'refused')
        or (purposes.social_care_consent = 'given' and states.social_care_consent = 'given') as social_care_permitted
    from states
    cross join purposes
    where (states.practice_takes_part or not purposes.practice_participation)
        and not (states.type_1_opted_out and purposes.type_1_opt_out)
        and not (states.nationally_opted_out and purposes.national_data_opt_out)
)

select * from permitted
