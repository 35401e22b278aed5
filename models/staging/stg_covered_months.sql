with files as (
    select
        extract,
        period_start,
        period_end
    from {{ source('ledger', 'files') }}
    where outcome = 'landed'
),

spine as (
    {{ dbt.date_spine('month', "cast('1990-01-01' as date)", "cast('2060-01-01' as date)") }}
),

months as (
    select cast(date_month as date) as month_start from spine
),

covered_months as (
    select distinct
        files.extract as extract_name,
        months.month_start
    from files
    inner join months
        -- a month counts only when one file covers it from its first day to its last
        on files.period_start <= months.month_start
        and {{ dbt.dateadd('month', 1, 'months.month_start') }} <= {{ dbt.dateadd('day', 1, 'files.period_end') }}
)

select * from covered_months
