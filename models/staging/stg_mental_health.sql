with records as (
    {{ permitted('mental_health') }}
),

teams as (
    select * from {{ ref('mental_health_teams') }}
),

dated as (
    select
        records.*,
        case
            when records.table_name = 'MHS101' then records.referral_request_received_date
            when records.table_name = 'MHS201' then records.care_contact_date
            else records.spell_start_date
        end as event_date
    from records
),

renamed as (
    select
        dated.record_id,
        case
            when dated.table_name = 'MHS101' then 'referral'
            when dated.table_name = 'MHS201' then 'contact'
            else 'hospital stay'
        end as record_type,
        dated.person_key,
        dated.service_request_id as referral_id,
        dated.event_date,
        dated.referral_request_received_date as referral_date,
        dated.service_discharge_date as referral_closed_date,
        dated.source_of_referral as referral_source,
        dated.service_or_team_type as team_code,
        teams.team,
        coalesce(teams.care_type, 'not known') as care_type,
        case when dated.table_name = 'MHS201' then {{ attendance('dated.attendance_status') }} end as attendance,
        case when dated.table_name = 'MHS201' then {{ consultation('dated.consultation_mechanism') }} end as consultation,
        dated.clinical_contact_duration as minutes_of_contact,
        dated.hospital_provider_spell_id as stay_id,
        dated.spell_start_date as stay_start,
        dated.spell_discharge_date as stay_end,
        dated.method_of_admission as admission_method,
        dated.destination_of_discharge as discharge_destination,
        {{ age_on('dated.birth_month', 'dated.event_date') }} as age_at_event,
        {{ sex('dated.gender') }} as sex,
        dated.ethnic_category,
        {{ hes_practice('dated.practice_code') }} as practice_code,
        dated.provider_code,
        dated.lsoa2021 as small_area_code
    from dated
    left join teams on dated.service_or_team_type = teams.code
)

select * from renamed
