with contacts as (
    {{ permitted('community_contacts') }}
),

services as (
    select * from {{ ref('community_services') }}
),

renamed as (
    select
        contacts.care_contact_id as contact_id,
        contacts.service_request_id as referral_id,
        contacts.person_key,
        contacts.referral_request_received_date as referral_date,
        contacts.care_contact_date as contact_date,
        contacts.service_or_team_type as service_code,
        services.service,
        coalesce(services.care_type, 'not known') as care_type,
        {{ attendance('contacts.attendance_status') }} as attendance,
        {{ consultation('contacts.consultation_mechanism') }} as consultation,
        contacts.activity_location_type_code as location_type,
        contacts.clinical_contact_duration as minutes_of_contact,
        contacts.age_at_care_contact_date as age_at_contact,
        {{ sex('contacts.person_stated_gender_code') }} as sex,
        contacts.ethnic_category,
        {{ hes_practice('contacts.general_medical_practice_code') }} as practice_code,
        contacts.organisation_identifier_provider as provider_code,
        contacts.lsoa_of_residence as small_area_code
    from contacts
    left join services on contacts.service_or_team_type = services.code
)

select * from renamed
