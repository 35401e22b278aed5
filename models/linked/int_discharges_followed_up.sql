-- Discharges after which an emergency readmission within 30 days counts (NHS England, I02040), and the one that followed.
-- One row a discharge. Left out: day cases and regular attenders, deaths, transfers to another hospital, maternity, mental
-- health and learning disability, and anyone with cancer or chemotherapy in a stay that was going on in the 365 days before.
with spells as (
    select * from {{ ref('int_spells') }}
),

cancer_stays as (
    select person_key, admission_date, coalesce(discharge_date, cast('9999-12-31' as date)) as discharge_date
    from spells
    where
        {%- for diagnosis in ['primary_diagnosis', 'diagnosis_2', 'diagnosis_3', 'diagnosis_4', 'diagnosis_5', 'diagnosis_6'] %}
        {{ 'or ' if not loop.first }}{{ diagnosis }} like 'C%' or {{ diagnosis }} like 'D37%' or {{ diagnosis }} like 'D38%'
        or {{ diagnosis }} like 'D39%' or {{ diagnosis }} like 'D4%' or {{ diagnosis }} like 'Z511%' or {{ diagnosis }} like 'Z542%'
        {%- endfor %}
),

with_cancer as (
    select distinct spells.spell_id
    from spells
    inner join cancer_stays
        on spells.person_key = cancer_stays.person_key
        and cancer_stays.admission_date <= spells.discharge_date
        and cancer_stays.discharge_date >= {{ dbt.dateadd('day', -365, 'spells.discharge_date') }}
),

discharges as (
    select spells.*
    from spells
    left join with_cancer on spells.spell_id = with_cancer.spell_id
    where with_cancer.spell_id is null
        and spells.discharge_date is not null
        and spells.patient_classification = '1'
        and coalesce(spells.discharge_method, '') not in ('4', '5')
        and coalesce(spells.discharge_destination, '') not in ('49', '50', '51', '52', '53', '79', '84', '87')
        and coalesce(spells.episode_type, '1') = '1'
        and coalesce(spells.admission_method, '') not in ('31', '32', '82', '83')
        and coalesce(spells.discharge_treatment_function, '') not in ('501', '560')
        and coalesce(spells.discharge_treatment_function, '') not like '7%'
),

-- Emergency stays that did not begin as a transfer, each with the stays that had ended within 29 days before.
candidates as (
    select
        again.spell_id as readmission_id,
        again.admission_date as readmission_date,
        before.spell_id as discharge_id,
        row_number() over (
            partition by again.spell_id
            order by before.discharge_date desc, before.admission_date desc, before.spell_id desc
        ) as from_latest
    from spells as again
    inner join spells as before
        on again.person_key = before.person_key
        and before.discharge_date <= again.admission_date
        and before.discharge_date >= {{ dbt.dateadd('day', -29, 'again.admission_date') }}
        -- of two stays on one day that both end on it, one is before the other
        and (
            before.admission_date < again.admission_date
            or (before.admission_date = again.admission_date and before.spell_id < again.spell_id)
        )
    where again.admission_method like '2%'
        and again.admission_method <> '2B'
        and coalesce(again.admission_source, '') not in ('51', '52', '53')
        and coalesce(again.discharge_treatment_function, '') not like '7%'
),

-- A readmission belongs to the last discharge before it; a discharge is followed by one or by none.
readmissions as (
    select discharge_id, min(readmission_date) as readmission_date
    from candidates
    where from_latest = 1
    group by discharge_id
),

followed as (
    select
        discharges.spell_id,
        discharges.person_key,
        discharges.discharge_date,
        discharges.admission_method,
        discharges.age_at_admission,
        discharges.sex,
        discharges.small_area_code,
        discharges.practice_code,
        readmissions.readmission_date
    from discharges
    left join readmissions on discharges.spell_id = readmissions.discharge_id
),

covered as (
    {{ followed_up_days('followed', 'discharge_date', 29, ['apc_episodes']) }}
),

discharges_followed_up as (
    select followed.*, covered.is_followed_up
    from followed
    inner join covered on followed.discharge_date = covered.discharge_date
)

select * from discharges_followed_up
