"""The quality of extracts in a release: how valid, keyed, complete, linked and timely they were. Protected shares.

Three tables. `quality`: shares of rows or people, by extract and period. `deliveries`: what was offered for a period,
and when it landed; counts of files only. `expectations`: what Great Expectations found at each landing; no counts.
"""

import hashlib

import polars as pl

from breakwater.disclosure import shares
from breakwater.disclosure.policy import Policy

# Days from the end of a period to its landing, up to which it counts as on time: two months, a target of ours.
ON_TIME = 62

# By file in store, summed over the files of a period: offered rows that were accepted, that had a person key (neither
# set aside for its want nor landed without), and rows in store that are complete.
BY_PERIOD = """
with keyless as (
    select file_id, count(*) as n from warehouse.ledger.quarantine where column_name = 'person_key' group by all
),
periods as (
    select
        extract, period_start, period_end, sum(offered) as offered, sum(accepted) as accepted,
        sum(offered - coalesce(n, 0) - (rows_landed - rows_with_key)) as keyed, sum(rows_complete) as complete,
        sum(rows_landed) as in_store, max(people) as people
    from warehouse.ledger.files
    inner join warehouse.staging.stg_completeness as seen
        on seen.extract_name = files.extract and seen.file_id = files.file_id
    left join keyless on keyless.file_id = files.file_id
    where outcome = 'landed'
    group by all
)
select
    extract, 'period' as period_type, period_start, period_end, indicator, numerator::bigint as numerator,
    denominator::bigint as denominator, people
from periods, lateral (
    values ('valid', accepted, offered), ('keyed', keyed, offered), ('complete', complete, in_store)
) as told(indicator, numerator, denominator)
-- permissions are of practices too, which have no person key
where not (extract = 'permissions' and indicator = 'keyed')
"""
BY_MONTH = """
select
    extract_name as extract, 'month' as period_type, month_start as period_start, last_day(month_start) as period_end,
    'linked' as indicator, people_registered as numerator, people as denominator, people
from warehouse.staging.stg_linkage
"""
DELIVERIES = f"""
with met as (
    select file_id, count(*) filter (passed) as met, count(*) filter (not passed) as failed
    from warehouse.ledger.expectations group by all
)
select
    extract, period_start, period_end,
    min(landed_at) filter (outcome in ('landed', 'replaced'))::date as landed_on,
    landed_on - period_end as days_after_period, days_after_period <= {ON_TIME} as on_time,
    count(*) filter (outcome in ('landed', 'replaced')) as files_landed,
    count(*) filter (outcome = 'replaced') as files_replaced, count(*) filter (outcome = 'refused') as files_refused,
    coalesce(sum(met), 0)::bigint as expectations_met, coalesce(sum(failed), 0)::bigint as expectations_failed
from warehouse.ledger.files left join met using (file_id)
where extract is not null and period_start is not null and outcome <> 'unchanged'
group by extract, period_start, period_end
order by all
"""
EXPECTATIONS = """
select
    extract, period_start, period_end, landed_at::date as offered_on, outcome, expectation, column_name, passed
from warehouse.ledger.expectations inner join warehouse.ledger.files using (file_id)
where extract is not null
order by extract, period_start, period_end, file_id, expectation, column_name
"""
ORDER = ["extract", "indicator", "period_type", "period_start", "period_end"]


def tables(source, policy: Policy) -> dict[str, pl.DataFrame]:
    """Return the three tables by name; source: a connection with the warehouse attached."""
    told = pl.concat([source.sql(query).pl() for query in (BY_PERIOD, BY_MONTH)])
    return {
        "quality": shares.protect(told, policy).sort(ORDER),
        "deliveries": source.sql(DELIVERIES).pl(),
        "expectations": source.sql(EXPECTATIONS).pl(),
    }


def write(source, policy: Policy) -> None:
    """Write the tables into the attached release file."""
    for name, table in tables(source, policy).items():
        source.register("content", table.to_arrow())
        source.execute(f"create table release_file.{name} as select * from content")
        source.unregister("content")


def digest(source, policy: Policy) -> str:
    """Return one digest of what the tables would hold, so that a change in quality alone makes a new release."""
    content = [table.write_csv() for table in tables(source, policy).values()]
    return hashlib.sha256("\n".join(content).encode()).hexdigest()
