-- Hospital provider spells: the episodes of one person, one provider and one admission date.
-- Admission is told by the first episode, discharge by the last.
with episodes as (
    select * from {{ ref('stg_apc_episodes') }} where admission_date is not null
),

-- Most spells are of one episode; only those of several have an order to find.
several as (
    select person_key, provider_code, admission_date
    from episodes
    group by person_key, provider_code, admission_date
    having count(*) > 1
),

placed as (
    select
        episodes.*,
        several.person_key is not null as is_one_of_several
    from episodes
    left join several
        on episodes.person_key = several.person_key
        and episodes.provider_code = several.provider_code
        and episodes.admission_date = several.admission_date
),

ordered as (
    select placed.*, 1 as from_first, 1 as from_last
    from placed
    where not is_one_of_several
    union all
    select
        placed.*,
        row_number() over (
            partition by person_key, provider_code, admission_date
            order by episode_order nulls last, episode_start nulls last, episode_id
        ) as from_first,
        row_number() over (
            partition by person_key, provider_code, admission_date
            order by episode_order desc nulls last, episode_start desc nulls last, episode_id desc
        ) as from_last
    from placed
    where is_one_of_several
),

first_episodes as (
    select * from ordered where from_first = 1
),

last_episodes as (
    select * from ordered where from_last = 1
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

spells as (
    select
        first_episodes.episode_id as spell_id,
        first_episodes.person_key,
        first_episodes.provider_code,
        first_episodes.admission_date,
        first_episodes.admission_method,
        first_episodes.admission_source,
        first_episodes.patient_classification,
        first_episodes.age_at_start as age_at_admission,
        first_episodes.episode_order,
        first_episodes.episode_type,
        first_episodes.episode_status,
        first_episodes.primary_diagnosis,
        {% for position in range(2, 7) -%}
        first_episodes.diagnosis_{{ position }},
        {% endfor -%}
        first_episodes.main_procedure,
        last_episodes.discharge_date,
        last_episodes.discharge_ready_date,
        last_episodes.discharge_destination,
        last_episodes.discharge_method,
        last_episodes.treatment_function as discharge_treatment_function,
        first_episodes.sex,
        -- a record that does not say where the person lived takes it from the registration of the day
        coalesce(first_episodes.small_area_code, registrations.small_area_code) as small_area_code,
        coalesce(first_episodes.practice_code, registrations.practice_code) as practice_code
    from first_episodes
    inner join last_episodes
        on first_episodes.person_key = last_episodes.person_key
        and first_episodes.provider_code = last_episodes.provider_code
        and first_episodes.admission_date = last_episodes.admission_date
    left join registrations
        on first_episodes.person_key = registrations.person_key
        and first_episodes.admission_date >= registrations.valid_from
        and first_episodes.admission_date < registrations.valid_until
)

select * from spells
