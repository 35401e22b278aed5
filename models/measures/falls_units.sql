-- One row per emergency stay of a resident aged 65 and over for an injury after a fall, in the month of admission.
-- Public Health Outcomes Framework C29: primary diagnosis S00-T98, a fall (W00-W19) in any position, ADMIMETH 2*, EPIORDER 1, not
-- a regular day or night attender (CLASSPAT 3, 4).
with stays as (
    select * from {{ ref('int_spells') }}
    where admission_method like '2%'
        and episode_order = 1
        and coalesce(patient_classification, '') not in ('3', '4')
        and age_at_admission >= 65
        and (primary_diagnosis like 'S%' or primary_diagnosis like 'T%')
        and primary_diagnosis not like 'T99%'
        and (
            {%- for position in range(2, 7) %}
            {{ 'or ' if not loop.first }}diagnosis_{{ position }} like 'W0%' or diagnosis_{{ position }} like 'W1%'
            {%- endfor %}
        )
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        stays.person_key,
        {{ month_of('stays.admission_date') }} as period_start,
        stays.small_area_code,
        stays.practice_code,
        {{ five_year_band('stays.age_at_admission') }} as age_band,
        stays.sex,
        case when stays.primary_diagnosis like 'S720%' or stays.primary_diagnosis like 'S721%' or stays.primary_diagnosis like 'S722%'
            then 'broken hip' else 'other injury' end as category
    from stays
    inner join areas on stays.small_area_code = areas.small_area_code
)

select * from units
