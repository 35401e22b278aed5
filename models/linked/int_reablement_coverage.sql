-- How far each day of discharge is known: whether the extracts cover the days in which re-ablement could begin, and the 84
-- days of follow-up. A month that one of them lacks (a refused file) is a gap in which nothing would be seen.
with days as (
    select distinct discharge_date from {{ ref('int_eligible_discharges') }}
),

covered_months as (
    select * from {{ ref('stg_covered_months') }}
    where extract_name in ('apc_episodes', 'social_care_events', 'deaths')
),

-- Re-ablement may begin up to 3 days before the discharge, too: events that last are in the files of both months.
counted as (
    select
        days.discharge_date,
        sum(case
            when covered_months.extract_name = 'social_care_events'
                and covered_months.month_start <= {{ dbt.dateadd('day', 7, 'days.discharge_date') }} then 1
            else 0
        end) as offer_months,
        count(*) as follow_up_months
    from days
    inner join covered_months
        on covered_months.month_start >= {{ month_of('days.discharge_date') }}
        and covered_months.month_start <= {{ dbt.dateadd('day', 84, 'days.discharge_date') }}
    group by days.discharge_date
),

coverage as (
    select
        days.discharge_date,
        coalesce(counted.offer_months, 0) = 1 + {{ dbt.datediff(
            month_of('days.discharge_date'), month_of(dbt.dateadd('day', 7, 'days.discharge_date')), 'month'
        ) }} as is_offer_known,
        coalesce(counted.follow_up_months, 0) = 3 * (1 + {{ dbt.datediff(
            month_of('days.discharge_date'), month_of(dbt.dateadd('day', 84, 'days.discharge_date')), 'month'
        ) }}) as is_followed_up
    from days
    left join counted on days.discharge_date = counted.discharge_date
)

select * from coverage
