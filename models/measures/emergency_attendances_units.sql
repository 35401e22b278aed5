-- One row per unplanned attendance of a resident at an emergency department, in the month of arrival. Planned follow-ups
-- (category 4) and same day emergency care (type 05) are left out, as in the monthly A&E statistics.
with attendances as (
    select * from {{ ref('stg_emergency_care') }}
    where attendance_category in ('1', '2', '3') and department_type in ('01', '02', '03', '04')
),

areas as (
    select * from {{ ref('int_areas') }}
),

described as (
    select
        attendances.*,
        case when department_type = '01' then 'emergency department' else 'other department' end as department,
        case when arrival_mode = 'ambulance' then 'by ambulance' else 'otherwise' end as arrival,
        case
            when minutes_to_departure <= 240 then 'within 4 hours'
            when minutes_to_departure > 240 then 'longer'
            else 'wait not known'
        end as wait
    from attendances
),

units as (
    select
        described.person_key,
        {{ month_of('described.arrival_date') }} as period_start,
        described.small_area_code,
        described.practice_code,
        {{ five_year_band('described.age_at_arrival') }} as age_band,
        described.sex,
        -- joined by hand: engines differ in what an empty part does
        {{ dbt.concat(['described.department', "', '", 'described.arrival', "', '", 'described.wait']) }} as category
    from described
    inner join areas on described.small_area_code = areas.small_area_code
    where described.arrival_date is not null and described.age_at_arrival is not null
)

select * from units
