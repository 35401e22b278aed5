-- One row per discharge of a resident aged 65 and over in October, November or December that was followed by re-ablement: whether
-- the person was at home on day 91 (ASCOF 2B until 2022/23). Not at home: dead, in hospital, or in long-term residential or
-- nursing care on that day; where somebody was between does not matter.
with pathways as (
    select
        int_reablement_pathways.*,
        cast({{ dbt.dateadd('day', 91, 'discharge_date') }} as date) as day_91
    from {{ ref('int_reablement_pathways') }} as int_reablement_pathways
    where reablement_start is not null and extract(month from discharge_date) >= 10
),

covered as (
    {{ followed_up_days('pathways', 'discharge_date', 91, ['apc_episodes', 'social_care_events', 'deaths']) }}
),

dead as (
    select distinct pathways.spell_id
    from pathways
    inner join {{ ref('stg_deaths') }} as deaths
        on pathways.person_key = deaths.person_key and deaths.death_date <= pathways.day_91
),

in_hospital as (
    select distinct pathways.spell_id
    from pathways
    inner join {{ ref('int_spells') }} as spells
        on pathways.person_key = spells.person_key
        and spells.admission_date <= pathways.day_91
        and (spells.discharge_date is null or spells.discharge_date > pathways.day_91)
),

in_care_home as (
    select distinct pathways.spell_id
    from pathways
    inner join {{ ref('stg_social_care_events') }} as events
        on pathways.person_key = events.person_key
        and events.event_start_date <= pathways.day_91
        and (events.event_end_date is null or events.event_end_date >= pathways.day_91)
    where events.service_type in ('Long term support: Nursing care', 'Long term support: Residential care')
),

areas as (
    select * from {{ ref('int_areas') }}
),

units as (
    select
        pathways.person_key,
        {{ month_of('pathways.discharge_date') }} as period_start,
        pathways.small_area_code,
        pathways.practice_code,
        {{ five_year_band('pathways.age_at_discharge') }} as age_band,
        pathways.sex,
        case
            when not covered.is_followed_up then 'not yet known'
            when dead.spell_id is null and in_hospital.spell_id is null and in_care_home.spell_id is null then 'at home'
            else 'not at home'
        end as category
    from pathways
    inner join areas on pathways.small_area_code = areas.small_area_code
    inner join covered on pathways.discharge_date = covered.discharge_date
    left join dead on pathways.spell_id = dead.spell_id
    left join in_hospital on pathways.spell_id = in_hospital.spell_id
    left join in_care_home on pathways.spell_id = in_care_home.spell_id
)

select * from units
