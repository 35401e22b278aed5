-- ASCOF 2D (2024/25 on): discharge -> re-ablement -> outcome at 84 days. One row per eligible discharge.
with discharges as (
    select * from {{ ref('int_eligible_discharges') }}
),

clusters as (
    select * from {{ ref('int_reablement_clusters') }}
),

coverage as (
    select * from {{ ref('int_reablement_coverage') }}
),

-- Discharge from 7 days before to 3 days after the start; a cluster belongs to the latest such discharge, and a
-- discharge to its first cluster.
matches as (
    select
        discharges.spell_id,
        clusters.person_key,
        clusters.cluster_number,
        clusters.cluster_start,
        row_number() over (
            partition by clusters.person_key, clusters.cluster_number
            order by discharges.discharge_date desc, discharges.spell_id desc
        ) as latest_discharge
    from discharges
    inner join clusters
        on discharges.person_key = clusters.person_key
        and clusters.cluster_start >= {{ dbt.dateadd('day', -3, 'discharges.discharge_date') }}
        and clusters.cluster_start <= {{ dbt.dateadd('day', 7, 'discharges.discharge_date') }}
),

offers as (
    select spell_id, min(cluster_start) as reablement_start
    from matches
    where latest_discharge = 1
    group by spell_id
),

offered as (
    select discharges.*, offers.reablement_start
    from discharges
    left join offers on discharges.spell_id = offers.spell_id
),

readmissions as (
    select offered.spell_id, min(spells.admission_date) as readmission_date
    from offered
    inner join {{ ref('int_spells') }} as spells
        on offered.person_key = spells.person_key
        and spells.admission_date > offered.discharge_date
        and spells.admission_date > offered.reablement_start
        and spells.admission_date <= {{ dbt.dateadd('day', 84, 'offered.discharge_date') }}
    -- admitted in an emergency, and discharged later than admitted: not a same-day stay
    where spells.admission_method like '2%'
        and (spells.discharge_date is null or spells.admission_date < spells.discharge_date)
    group by offered.spell_id
),

deaths as (
    select offered.spell_id, min(deaths.death_date) as death_date
    from offered
    inner join {{ ref('stg_deaths') }} as deaths
        on offered.person_key = deaths.person_key
        and deaths.death_date >= offered.discharge_date
        and deaths.death_date <= {{ dbt.dateadd('day', 84, 'offered.discharge_date') }}
    group by offered.spell_id
),

care_homes as (
    select offered.spell_id, min(events.event_start_date) as care_home_date
    from offered
    inner join {{ ref('stg_social_care_events') }} as events
        on offered.person_key = events.person_key
        and events.event_start_date >= offered.discharge_date
        and events.event_start_date <= {{ dbt.dateadd('day', 84, 'offered.discharge_date') }}
    where events.service_type in ('Long term support: Nursing care', 'Long term support: Residential care')
    group by offered.spell_id
),

pathways as (
    select
        offered.*,
        readmissions.readmission_date,
        deaths.death_date,
        care_homes.care_home_date,
        coverage.is_offer_known,
        coverage.is_followed_up
    from offered
    inner join coverage on offered.discharge_date = coverage.discharge_date
    left join readmissions on offered.spell_id = readmissions.spell_id
    left join deaths on offered.spell_id = deaths.spell_id
    left join care_homes on offered.spell_id = care_homes.spell_id
),

-- Outcomes compete: what happened first counts; on one day death before care home before readmission.
outcomes as (
    select
        pathways.*,
        case
            when reablement_start is null and not is_offer_known then 'offer not yet known'
            when reablement_start is null then 'not offered'
            when not is_followed_up then 'not yet known'
            when death_date is not null
                and death_date <= coalesce(care_home_date, death_date)
                and death_date <= coalesce(readmission_date, death_date) then 'died'
            when care_home_date is not null
                and care_home_date <= coalesce(readmission_date, care_home_date) then 'moved to a care home'
            when readmission_date is not null then 'readmitted'
            else 'at home'
        end as outcome
    from pathways
)

select * from outcomes
