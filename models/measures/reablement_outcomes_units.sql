-- One row per discharge of a resident aged 65 and over that was followed by re-ablement: which of the three outcomes that
-- count as failure in ASCOF 2D happened within 84 days, each by itself. The order does not matter here.
with pathways as (
    select * from {{ ref('int_reablement_pathways') }} where reablement_start is not null
),

areas as (
    select * from {{ ref('int_areas') }}
),

described as (
    select
        pathways.*,
        case when readmission_date is not null then 'readmitted' else 'not readmitted' end as readmission,
        case when care_home_date is not null then 'care home' else 'no care home' end as care_home,
        case when death_date is not null then 'died' else 'alive' end as death
    from pathways
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
            when described.is_followed_up
                then {{ dbt.concat(['described.readmission', "', '", 'described.care_home', "', '", 'described.death']) }}
            else 'not yet known'
        end as category
    from described
    inner join areas on described.small_area_code = areas.small_area_code
)

select * from units
