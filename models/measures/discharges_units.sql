-- One row per discharge of an adult resident after a night or more in hospital: where to, and how many days after the day on
-- which the patient was ready to leave. Deaths, maternity, mental health and moves to another hospital are left out.
with discharges as (
    select
        int_spells.*,
        {{ dbt.datediff('discharge_ready_date', 'discharge_date', 'day') }} as days_waited
    from {{ ref('int_spells') }} as int_spells
    where discharge_date > admission_date
        and age_at_admission >= 18
        and patient_classification = '1'
        and coalesce(discharge_method, '') not in ('4', '5')
        and coalesce(discharge_destination, '') not in ('49', '50', '51', '52', '53', '79', '84', '87')
        and coalesce(episode_type, '1') = '1'
        and coalesce(admission_method, '') not in ('31', '32', '82', '83')
        and coalesce(discharge_treatment_function, '') not in ('501', '560')
        and coalesce(discharge_treatment_function, '') not like '7%'
),

areas as (
    select * from {{ ref('int_areas') }}
),

described as (
    select
        discharges.*,
        case when discharge_destination = '19' then 'usual home' else 'elsewhere' end as went_to,
        case
            when days_waited is null or days_waited < 0 or discharge_ready_date < admission_date then 'ready day not known'
            when days_waited = 0 then 'the same day'
            when days_waited <= 6 then '1 to 6 days'
            when days_waited <= 20 then '7 to 20 days'
            else '21 days or more'
        end as wait
    from discharges
),

units as (
    select
        described.person_key,
        {{ month_of('described.discharge_date') }} as period_start,
        described.small_area_code,
        described.practice_code,
        {{ five_year_band('described.age_at_admission') }} as age_band,
        described.sex,
        {{ dbt.concat(['described.went_to', "', '", 'described.wait']) }} as category
    from described
    inner join areas on described.small_area_code = areas.small_area_code
)

select * from units
