with attendances as (
    {{ permitted('emergency_care') }}
),

areas as (
    select * from {{ ref('small_areas_2011') }} where best_fit
),

grouped_codes as (
    select * from {{ ref('emergency_care_codes') }}
),

renamed as (
    select
        attendances.epikey as attendance_id,
        attendances.person_key,
        {{ hes_date('attendances.arrival_date') }} as arrival_date,
        -- HES writes 1432, and 3000 or 4000 where no time is known
        case
            when attendances.arrival_time like '%:%' then attendances.arrival_time
            when attendances.arrival_time < '2400'
                then substring(attendances.arrival_time, 1, 2) || ':' || substring(attendances.arrival_time, 3, 2)
        end as arrival_time,
        {{ hes_date('attendances.departure_date') }} as departure_date,
        attendances.department_type,
        attendances.attendance_category,
        -- a code that the seed does not know, or none
        coalesce(modes.grouped, 'not known') as arrival_mode,
        coalesce(destinations.grouped, 'not known') as discharge_destination,
        attendances.discharge_status,
        attendances.acuity,
        attendances.chief_complaint,
        attendances.diagnosis_code_1 as primary_diagnosis,
        attendances.initial_assessment_time_since_arrival as minutes_to_assessment,
        attendances.seen_for_treatment_time_since_arrival as minutes_to_treatment,
        attendances.decision_to_admit_time_since_arrival as minutes_to_decision_to_admit,
        attendances.departure_time_since_arrival as minutes_to_departure,
        {{ hes_age('attendances.age_at_arrival') }} as age_at_arrival,
        {{ sex('attendances.stated_gender') }} as sex,
        attendances.ethnic_category,
        {{ hes_practice('attendances.practice_code_patient_registration') }} as practice_code,
        attendances.provider_code,
        -- a small area of elsewhere keeps its code of 2011
        coalesce(areas.small_area_2021, attendances.lsoa_2011) as small_area_code
    from attendances
    left join areas on attendances.lsoa_2011 = areas.small_area_2011
    left join grouped_codes as modes
        on modes.field = 'arrival_mode' and attendances.arrival_mode = modes.code
    left join grouped_codes as destinations
        on destinations.field = 'discharge_destination' and attendances.discharge_destination = destinations.code
)

select * from renamed
