with permissions as (
    select * from {{ source('landed', 'permissions') }}
),

as_at as (
    select max(period_end) as last_day from {{ source('ledger', 'files') }} where outcome = 'landed'
),

-- What is in force on the last day of the data counts for every figure: who opts out leaves the past too.
in_force as (
    select
        permissions.permission_id,
        permissions.person_key,
        permissions.practice_code,
        permissions.permission_type,
        permissions.state,
        permissions.from_date,
        permissions.to_date
    from permissions
    cross join as_at
    where permissions.from_date <= as_at.last_day
        and (permissions.to_date is null or permissions.to_date >= as_at.last_day)
)

select * from in_force
