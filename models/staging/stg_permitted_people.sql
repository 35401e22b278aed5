-- Who may be counted in anonymised commissioning figures: last registered with a practice that takes part, and no type 1
-- opt-out. The national data opt-out concerns identifiable flows under section 251, not anonymised figures, so it
-- is not applied here. Social-care consent is applied to social-care events alone.
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
),

-- The last known practice stands for people who have died or left.
last_practice as (
    select person_key, practice_code from ranked where recency = 1
),

practices_taking_part as (
    select distinct practice_code
    from permissions
    where permission_type = 'practice_participation' and state = 'in'
),

opted_out as (
    select distinct person_key
    from permissions
    where permission_type = 'type_1_opt_out' and state = 'out'
),

refused_social_care as (
    select distinct person_key
    from permissions
    where permission_type = 'social_care_consent' and state = 'out'
),

permitted as (
    select
        last_practice.person_key,
        refused_social_care.person_key is null as social_care_permitted
    from last_practice
    inner join practices_taking_part on last_practice.practice_code = practices_taking_part.practice_code
    left join opted_out on last_practice.person_key = opted_out.person_key
    left join refused_social_care on last_practice.person_key = refused_social_care.person_key
    where opted_out.person_key is null
)

select * from permitted
