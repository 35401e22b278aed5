-- ASCOF 2D: discharges from hospital of people aged 65 and over that could lead to re-ablement. One row a discharge.
with spells as (
    select
        spell_id,
        person_key,
        provider_code,
        admission_date,
        admission_method,
        admission_source,
        patient_classification,
        age_at_admission,
        primary_diagnosis,
        discharge_date,
        discharge_destination,
        discharge_method,
        discharge_treatment_function,
        sex,
        small_area_code,
        practice_code
    from {{ ref('int_spells') }}
),

long_term_care as (
    select
        person_key,
        event_start_date,
        coalesce(event_end_date, cast('9999-12-31' as date)) as event_end_date
    from {{ ref('stg_social_care_events') }}
    where service_type in (
        'Long term support: Nursing care', 'Long term support: Residential care', 'Long term support: Prison'
    )
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

-- Age at discharge: from the month of birth where a registration tells it, else from the admission.
aged as (
    select
        spells.*,
        coalesce(
            {{ age_on('registrations.birth_month', 'spells.discharge_date') }}, spells.age_at_admission
        ) as age_at_discharge
    from spells
    left join registrations
        on spells.person_key = registrations.person_key
        and spells.admission_date >= registrations.valid_from
        and spells.admission_date < registrations.valid_until
    where spells.discharge_date is not null
),

discharges as (
    select aged.*
    from aged
    where aged.age_at_discharge >= 65
        and aged.admission_date < aged.discharge_date
        and coalesce(aged.admission_method, '') not in ('31', '32', '82', '83')
        and coalesce(aged.discharge_method, '') not in ('4', '5')
        and coalesce(aged.discharge_destination, '') not in ('49', '50', '51', '52', '79', '87', '88')
        and coalesce(aged.discharge_treatment_function, '') not in (
            '199', '223', '290', '291', '331', '344', '345', '346', '424', '499', '501', '504', '560', '660', '661',
            '662', '840', '920'
        )
        and coalesce(aged.discharge_treatment_function, '') not like '65%'
        and coalesce(aged.discharge_treatment_function, '') not like '7%'
),

already_in_care as (
    select distinct discharges.spell_id
    from discharges
    inner join long_term_care
        on discharges.person_key = long_term_care.person_key
        and discharges.admission_date >= long_term_care.event_start_date
        and discharges.admission_date <= long_term_care.event_end_date
),

eligible as (
    select discharges.*
    from discharges
    left join already_in_care on discharges.spell_id = already_in_care.spell_id
    where already_in_care.spell_id is null
)

select * from eligible
