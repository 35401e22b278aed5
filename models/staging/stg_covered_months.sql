with files as (
    select
        extract,
        {{ month_of('period_start') }} as first_month,
        period_end
    from {{ source('ledger', 'files') }}
    where outcome = 'landed'
),

-- 1,200 months from 1950: enough for any history, without an engine's own series function.
digits as (
    select 0 as digit
    {% for digit in range(1, 10) %}
    union all
    select {{ digit }} as digit
    {% endfor %}
),

months as (
    select cast({{ dbt.dateadd('month', 'ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit', "cast('1950-01-01' as date)") }} as date) as month_start
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join (select 0 as digit union all select 1 as digit) as thousands
    where 1000 * thousands.digit + 100 * hundreds.digit < 1200
),

covered_months as (
    select distinct
        files.extract as extract_name,
        months.month_start
    from files
    inner join months
        on files.first_month <= months.month_start
        -- a month counts only when the extract covers it to its last day
        and {{ dbt.dateadd('month', 1, 'months.month_start') }} <= {{ dbt.dateadd('day', 1, 'files.period_end') }}
)

select * from covered_months
