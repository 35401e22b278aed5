-- Adults with long-term support in a financial year: one row a person and year, in the most intensive setting of the year
-- (nursing before residential before home, the order of SALT LTS001a). Age is that on the last day of the year.
with years as (
    select month_start as year_start, cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 12, 'month_start')) }} as date) as year_end
    from {{ ref('stg_covered_months') }}
    where extract_name = 'social_care_events' and extract(month from month_start) = 4
),

events as (
    select
        person_key,
        event_reference,
        event_type,
        event_start_date,
        coalesce(event_end_date, cast('9999-12-31' as date)) as event_end_date,
        accommodation_status,
        case service_type
            when 'Long term support: Nursing care' then 1
            when 'Long term support: Residential care' then 2
            when 'Long term support: Community' then 3
        end as setting_order,
        case when service_component = 'Direct payment' or delivery_mechanism = 'Direct payment' then 1 else 0 end as is_direct_payment
    from {{ ref('stg_social_care_events') }}
    where client_type = 'Service user' and event_start_date is not null
),

support as (
    select * from events where event_type = 'Service' and setting_order is not null
),

-- Support without a gap of more than 7 days is one stretch.
followed as (
    select
        support.*,
        max(event_end_date) over (
            partition by person_key order by event_start_date, event_reference
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from support
),

stretched as (
    select
        followed.*,
        max(case
            when ended_before is null or event_start_date > {{ dbt.dateadd('day', 7, 'ended_before') }} then event_start_date
        end) over (
            partition by person_key order by event_start_date, event_reference
            rows between unbounded preceding and current row
        ) as stretch_start
    from followed
),

in_year as (
    select
        stretched.*,
        years.year_start,
        years.year_end,
        row_number() over (
            partition by stretched.person_key, years.year_start
            order by
                stretched.event_start_date desc,
                case when coalesce(stretched.accommodation_status, 'Unknown') like 'Unknown%' then 1 else 0 end,
                stretched.event_reference desc
        ) as from_latest
    from stretched
    inner join years
        on stretched.event_start_date <= years.year_end and stretched.event_end_date >= years.year_start
),

people as (
    select
        person_key,
        year_start,
        year_end,
        min(setting_order) as setting_order,
        max(is_direct_payment) as has_direct_payment,
        max(case when event_end_date >= year_end and stretch_start <= year_start then 1 else 0 end) as is_long_standing,
        max(case when from_latest = 1 then accommodation_status end) as accommodation_status,
        greatest(min(event_start_date), year_start) as first_day
    from in_year
    group by person_key, year_start, year_end
),

reviewed as (
    select distinct events.person_key, years.year_start
    from events
    inner join years on events.event_start_date >= years.year_start and events.event_start_date <= years.year_end
    where events.event_type = 'Review'
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

long_term_support as (
    select
        people.person_key,
        people.year_start,
        {{ age_on('registrations.birth_month', 'people.year_end') }} as age,
        registrations.sex,
        registrations.small_area_code,
        registrations.practice_code,
        case people.setting_order when 1 then 'nursing' when 2 then 'residential' else 'home' end as setting,
        case when people.has_direct_payment = 1 then 'direct payment' else 'no direct payment' end as direct_payment,
        -- settled accommodation, as in ASCOF 2E and SALT
        case
            when people.accommodation_status in (
                'Owner occupier or shared ownership scheme', 'Tenant: Local authority or other social housing provider',
                'Tenant: Private landlord', 'Settled mainstream housing with family or friends', 'Shared Lives scheme',
                'Sheltered housing, extra care housing or other sheltered housing',
                'Supported accommodation, supported lodgings or supported group home',
                'Mobile accommodation for Gypsy, Roma and Traveller communities',
                'Approved premises for offenders released from prison or under probation supervision'
            ) then 'settled'
            else 'not settled'
        end as accommodation,
        case
            when people.is_long_standing = 0 then 'under a year'
            when reviewed.person_key is not null then 'reviewed'
            else 'not reviewed'
        end as review
    from people
    inner join registrations
        on people.person_key = registrations.person_key
        and people.first_day >= registrations.valid_from
        and people.first_day < registrations.valid_until
    left join reviewed on people.person_key = reviewed.person_key and people.year_start = reviewed.year_start
)

select * from long_term_support where age >= 18
