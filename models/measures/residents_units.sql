-- One row per person registered on 30 June, the usual reference day of population estimates. People whose records are
-- in no figure are counted beside the others, so that their coverage is protected together with the counts it is of.
with registrations as (
    select * from {{ ref('int_registrations') }}
),

not_counted as (
    select * from {{ ref('stg_coverage') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

mid_years as (
    select {{ dbt.dateadd('day', 29, 'month_start') }} as mid_year
    from {{ ref('stg_covered_months') }}
    where extract_name = 'gp_registrations' and extract(month from month_start) = 6
),

registered as (
    select
        registrations.*,
        cast(mid_years.mid_year as date) as mid_year,
        {{ age_on('registrations.birth_month', 'mid_years.mid_year') }} as age
    from registrations
    inner join mid_years
        on mid_years.mid_year >= registrations.valid_from and mid_years.mid_year < registrations.valid_until
),

units as (
    select
        registered.person_key,
        registered.mid_year as period_start,
        areas.small_area_code,
        registered.practice_code,
        {{ five_year_band('registered.age') }} as age_band,
        registered.sex,
        case when areas.small_area_code is null then 'lives elsewhere' else 'lives here' end as category
    from registered
    left join areas on registered.small_area_code = areas.small_area_code
    union all
    select
        not_counted.person_number as person_key,
        not_counted.mid_year as period_start,
        areas.small_area_code,
        not_counted.practice_code,
        not_counted.age_band,
        not_counted.sex,
        not_counted.reason as category
    from not_counted
    left join areas on not_counted.small_area_code = areas.small_area_code
)

select * from units
