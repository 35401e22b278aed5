-- Re-ablement (short-term support to maximise independence, ST-Max): services of one person joined into one
-- cluster where the gap between them is 7 days or less (ASCOF 2D).
with services as (
    select
        person_key,
        event_reference,
        event_start_date,
        coalesce(event_end_date, cast('9999-12-31' as date)) as event_end_date
    from {{ ref('stg_social_care_events') }}
    where event_type = 'Service' and service_type = 'Short term support: ST-Max'
),

followed as (
    select
        services.*,
        max(event_end_date) over (
            partition by person_key order by event_start_date, event_reference
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from services
),

marked as (
    select
        followed.*,
        case
            when ended_before is null or event_start_date > {{ dbt.dateadd('day', 7, 'ended_before') }} then 1
            else 0
        end as begins_cluster
    from followed
),

numbered as (
    select
        marked.*,
        cast(
            sum(begins_cluster) over (
                partition by person_key order by event_start_date, event_reference
                rows between unbounded preceding and current row
            ) as {{ dbt.type_bigint() }}
        ) as cluster_number
    from marked
),

clusters as (
    select
        person_key,
        cluster_number,
        min(event_start_date) as cluster_start,
        max(event_end_date) as cluster_end
    from numbered
    group by person_key, cluster_number
)

select * from clusters
