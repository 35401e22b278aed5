-- What each person who was ever registered permits. Person-level, and before any permission is applied: read by
-- stg_permitted_people and stg_coverage only.
with registrations as (
    select * from {{ source('landed', 'gp_registrations') }}
),

permissions as (
    select * from {{ ref('stg_permissions') }}
),

ranked as (
    select
        person_key,
        practice_code,
        row_number() over (partition by person_key order by registered_from desc, registration_id desc) as recency
    from registrations
    where person_key is not null
),

-- The last known practice stands for people who have died or left.
last_practice as (
    select person_key, practice_code from ranked where recency = 1
),

-- A practice that has said nothing does not take part.
practices_taking_part as (
    select practice_code
    from permissions
    where permission_type = 'practice_participation' and state = 'in'
),

of_people as (
    select
        person_key,
        max(case when permission_type = 'type_1_opt_out' and state = 'out' then 1 else 0 end) as type_1_opt_outs,
        max(case when permission_type = 'national_data_opt_out' and state = 'out' then 1 else 0 end) as national_opt_outs,
        max(case when permission_type = 'social_care_consent' then state end) as consent
    from permissions
    where permission_type <> 'practice_participation'
    group by person_key
),

states as (
    select
        last_practice.person_key,
        last_practice.practice_code,
        practices_taking_part.practice_code is not null as practice_takes_part,
        coalesce(of_people.type_1_opt_outs, 0) = 1 as type_1_opted_out,
        coalesce(of_people.national_opt_outs, 0) = 1 as nationally_opted_out,
        case of_people.consent when 'in' then 'given' when 'out' then 'refused' else 'not recorded' end as social_care_consent
    from last_practice
    left join practices_taking_part on last_practice.practice_code = practices_taking_part.practice_code
    left join of_people on last_practice.person_key = of_people.person_key
)

select * from states
