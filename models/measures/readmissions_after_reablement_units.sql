-- One row per discharge of a resident aged 65 and over that could lead to re-ablement (ASCOF 2D) and after which an emergency
-- readmission within 30 days counts (I02040): with re-ablement or without, readmitted or not.
with pathways as (
    select * from {{ ref('int_reablement_pathways') }}
),

discharges as (
    select * from {{ ref('int_discharges_followed_up') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

described as (
    select
        pathways.*,
        case when pathways.reablement_start is not null then 'with re-ablement' else 'without' end as support,
        case when discharges.readmission_date is not null then 'readmitted' else 'not readmitted' end as readmission,
        discharges.is_followed_up and (pathways.reablement_start is not null or pathways.is_offer_known) as is_known
    from pathways
    inner join discharges on pathways.spell_id = discharges.spell_id
),

units as (
    select
        described.person_key,
        {{ month_of('described.discharge_date') }} as period_start,
        described.small_area_code,
        described.practice_code,
        {{ five_year_band('described.age_at_discharge') }} as age_band,
        described.sex,
        case
            when described.is_known then {{ dbt.concat(['described.support', "', '", 'described.readmission']) }}
            else 'not yet known'
        end as category
    from described
    inner join areas on described.small_area_code = areas.small_area_code
)

select * from units
