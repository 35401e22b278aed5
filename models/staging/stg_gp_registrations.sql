with registrations as (
    {{ permitted('gp_registrations') }}
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
)

select * from renamed
