-- What followed re-ablement (ASCOF 2A, SALT STS002a): one row a course that has ended, of people who had no long-term support in
-- the three months before it. Services with a gap of a day at most are one course. A service that begins within 7 days of
-- its end is the sequel, the most intensive first; else the outcome of the last service of the course.
with events as (
    select
        person_key,
        event_reference,
        service_type,
        event_outcome,
        small_area_code,
        event_start_date,
        event_end_date
    from {{ ref('stg_social_care_events') }}
    where event_type = 'Service' and client_type = 'Service user' and event_start_date is not null
),

reablement as (
    select
        events.*,
        coalesce(event_end_date, cast('9999-12-31' as date)) as ended_on
    from events
    where service_type = 'Short term support: ST-Max'
),

followed as (
    select
        reablement.*,
        max(ended_on) over (
            partition by person_key order by event_start_date, event_reference
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from reablement
),

numbered as (
    select
        followed.*,
        cast(sum(case
            when ended_before is null or event_start_date > {{ dbt.dateadd('day', 1, 'ended_before') }} then 1
            else 0
        end) over (
            partition by person_key order by event_start_date, event_reference
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as course_number
    from followed
),

latest as (
    select
        numbered.*,
        min(event_start_date) over (partition by person_key, course_number) as course_start,
        row_number() over (
            partition by person_key, course_number order by ended_on desc, event_start_date desc, event_reference desc
        ) as from_last
    from numbered
),

long_term as (
    select
        person_key,
        event_start_date,
        coalesce(event_end_date, cast('9999-12-31' as date)) as ended_on
    from events
    where service_type like 'Long term support%'
),

known_before as (
    select distinct latest.person_key, latest.course_number
    from latest
    inner join long_term
        on latest.person_key = long_term.person_key
        and long_term.event_start_date < latest.course_start
        and long_term.ended_on >= {{ dbt.dateadd('month', -3, 'latest.course_start') }}
),

courses as (
    select
        latest.person_key,
        latest.course_number,
        latest.course_start,
        latest.ended_on as course_end,
        latest.event_outcome,
        latest.small_area_code
    from latest
    left join known_before
        on latest.person_key = known_before.person_key and latest.course_number = known_before.course_number
    where latest.from_last = 1
        and latest.ended_on < cast('9999-12-31' as date)
        and known_before.person_key is null
),

sequels as (
    select * from {{ ref('reablement_sequels') }}
),

services as (
    select
        courses.person_key,
        courses.course_number,
        min(sequels.rank) as rank
    from courses
    inner join events
        on courses.person_key = events.person_key
        and events.event_start_date >= courses.course_end
        and events.event_start_date <= {{ dbt.dateadd('day', 7, 'courses.course_end') }}
    inner join sequels on sequels.found_in = 'service' and events.service_type = sequels.value
    group by courses.person_key, courses.course_number
),

registrations as (
    select * from {{ ref('int_registrations') }}
),

covered as (
    {{ followed_up_days('courses', 'course_end', 7, ['social_care_events']) }}
),

reablement_sequels as (
    select
        courses.person_key,
        courses.course_number,
        courses.course_start,
        courses.course_end,
        {{ age_on('registrations.birth_month', 'courses.course_start') }} as age,
        registrations.sex,
        coalesce(courses.small_area_code, registrations.small_area_code) as small_area_code,
        registrations.practice_code,
        coalesce(by_service.sequel, by_outcome.sequel, 'not recorded') as sequel,
        coalesce(by_service.in_measure, by_outcome.in_measure, 'not counted') = 'counted' as is_in_measure,
        covered.is_followed_up
    from courses
    left join services
        on courses.person_key = services.person_key and courses.course_number = services.course_number
    left join sequels as by_service on by_service.found_in = 'service' and services.rank = by_service.rank
    left join sequels as by_outcome on by_outcome.found_in = 'outcome' and courses.event_outcome = by_outcome.value
    inner join covered on courses.course_end = covered.course_end
    inner join registrations
        on courses.person_key = registrations.person_key
        and courses.course_start >= registrations.valid_from
        and courses.course_start < registrations.valid_until
)

select * from reablement_sequels
