-- The state of each permission of a person or practice that counts: what is in force on the last day of the data,
-- for all figures made from it. Who opts out leaves the past too; who withdraws an opt-out comes back.
with permissions as (
    select * from {{ source('landed', 'permissions') }}
),

as_at as (
    select max(period_end) as last_day from {{ source('ledger', 'files') }} where outcome = 'landed'
),

first_deaths as (
    select person_key, min(reg_date_of_death) as death_date from {{ source('landed', 'deaths') }} group by person_key
),

-- The last state of the dead stands, for a registration that ends with death ends opt-outs at the practice too.
in_force as (
    select
        permissions.*,
        case
            when permissions.permission_type = 'practice_participation' then permissions.practice_code
            else permissions.person_key
        end as subject
    from permissions
    cross join as_at
    left join first_deaths on permissions.person_key = first_deaths.person_key
    where permissions.from_date <= as_at.last_day
        and (
            permissions.to_date is null
            or permissions.to_date >= as_at.last_day
            or permissions.to_date >= first_deaths.death_date
        )
),

-- Of two states in force the later counts, and of two from one day the one that refuses.
ranked as (
    select
        in_force.*,
        row_number() over (
            partition by subject, permission_type order by from_date desc, state desc, permission_id desc
        ) as recency
    from in_force
),

latest as (
    select
        permission_id,
        person_key,
        practice_code,
        permission_type,
        state,
        from_date,
        to_date
    from ranked
    where recency = 1
)

select * from latest
