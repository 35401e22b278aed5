with registrations as (
    select * from {{ source('landed', 'gp_registrations') }}
),

permitted as (
    select * from {{ ref('stg_permitted_people') }}
),

renamed as (
    select
        registrations.registration_id,
        registrations.person_key,
        registrations.birth_month,
        registrations.lsoa_code as small_area_code,
        {{ sex('registrations.sex') }} as sex,
        registrations.ethnic_group as ethnic_category,
        registrations.practice_code,
        registrations.registered_from,
        registrations.registered_to
    from registrations
    inner join permitted on registrations.person_key = permitted.person_key
)

select * from renamed
