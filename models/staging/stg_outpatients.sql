with appointments as (
    {{ permitted('outpatients') }}
),

areas as (
    select * from {{ ref('small_areas_2011') }} where best_fit
),

renamed as (
    select
        appointments.attendkey as appointment_id,
        appointments.person_key,
        {{ hes_date('appointments.apptdate') }} as appointment_date,
        -- a referral that came after the appointment is none of it
        case when appointments.reqdate <= appointments.apptdate then {{ hes_date('appointments.reqdate') }} end as request_date,
        appointments.waiting as waiting_days,
        {{ attendance('appointments.attended') }} as attendance,
        case
            when appointments.firstatt in ('1', '3') then 'first'
            when appointments.firstatt in ('2', '4') then 'follow-up'
            else 'not known'
        end as appointment_type,
        coalesce(appointments.firstatt in ('3', '4'), false) as remote,
        appointments.outcome,
        appointments.priority,
        appointments.refsourc as referral_source,
        appointments.tretspef as treatment_function,
        appointments.diag_4_01 as primary_diagnosis,
        {{ hes_procedure('appointments.opertn_4_01') }} as main_procedure,
        appointments.procode3 as provider_code,
        {{ hes_age('appointments.apptage') }} as age_at_appointment,
        {{ sex('appointments.sex') }} as sex,
        appointments.ethnos as ethnic_category,
        {{ hes_practice('appointments.gpprac') }} as practice_code,
        -- a small area of elsewhere keeps its code of 2011
        coalesce(areas.small_area_2021, appointments.lsoa11) as small_area_code
    from appointments
    left join areas on appointments.lsoa11 = areas.small_area_2011
)

select * from renamed
