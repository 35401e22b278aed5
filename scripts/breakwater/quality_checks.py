"""The gates of the quality tables of a release: their shape, and that no small count stands in them."""

from breakwater.disclosure import shares
from breakwater.disclosure.policy import Policy

COLUMNS = {
    "quality": (
        "extract", "period_type", "period_start", "period_end", "indicator", "numerator", "denominator", "status",
        "value",
    ),
    "deliveries": (
        "extract", "period_start", "period_end", "landed_on", "days_after_period", "on_time", "files_landed",
        "files_replaced", "files_refused", "expectations_met", "expectations_failed",
    ),
    "expectations": (
        "extract", "period_start", "period_end", "offered_on", "outcome", "expectation", "column_name", "passed",
    ),
}  # fmt: skip
LANDED = "select count(*) from (select distinct extract, period_start, period_end from {} where {})"


def run(release, source, policy: Policy) -> dict[str, tuple[bool, str]]:
    """Return, by name, whether each check passed, and a detail in tables or rows, never a value.

    release: the release file; source: the warehouse.
    """
    nearest = shares.rounding(policy)
    small = f"between 1 and {policy.threshold}"
    rules = {
        "no_small_count": f"numerator {small} or denominator {small} or denominator - numerator {small}",
        "counts_rounded": f"numerator % {nearest} <> 0 or denominator % {nearest} <> 0",
        "withheld_is_empty": "status <> 'shown' and coalesce(numerator, denominator, value) is not null",
        "shares_of_rounded": "status = 'shown' and abs(value - 100.0 * numerator / denominator) > 1e-9 "
        "or status = 'shown' and value is null",
    }
    found = {"quality_one_shape": _shape(release)}
    for name, rule in rules.items():
        rows = release.execute(f"select count(*) from quality where {rule}").fetchone()[0]
        found[f"quality_{name}"] = rows == 0, f"{rows} rows"
    here = release.execute(LANDED.format("quality", "indicator = 'valid'")).fetchone()[0]
    landed = source.execute(LANDED.format("warehouse.ledger.files", "outcome = 'landed'")).fetchone()[0]
    found["quality_all_present"] = here == landed, f"{here} of {landed} periods"
    return found


def _shape(release) -> tuple[bool, str]:
    wrong = [
        table
        for table, columns in COLUMNS.items()
        if tuple(row[0] for row in release.execute(f"describe {table}").fetchall()) != columns
    ]
    return not wrong, f"{len(wrong)} tables of another shape"
