"""What earlier releases said: each one still in the data folder is public, and an intruder holds them all.

A figure that was shown stays known; one that was withheld stays withheld for as long as that release is public. A
revision is shown only where the new count lies so far from the earlier figure that more people than the threshold must
be behind it; until then the earlier figure is kept, and says so.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from breakwater.catalogue import Series
from breakwater.disclosure import levels
from breakwater.disclosure.bounds import UNBOUNDED
from breakwater.disclosure.layout import KEY, System
from breakwater.disclosure.policy import Policy
from breakwater.errors import Refusal

STANDARDISED = "standardised: "
SCHEMA = {
    "units_model": pl.String, "category_set": pl.String, "period_type": pl.String, "period_start": pl.Date,
    "area_level": pl.String, "area_code": pl.String, "age_band": pl.String, "sex": pl.String, "said": pl.Int64,
    "low": pl.Int64, "high": pl.Int64,
    "withheld": pl.Boolean, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
}  # fmt: skip
CELL = list(SCHEMA)[:8]
# A count is what any table shows of it: withheld in one and shown in another, it is shown.
SAID = """
with rows as (
    select
        cells.* exclude (area_code), series.units_model, series.counts, series.whole, series.kind,
        if(deprivation_quintile = 'all', area_type, 'quintile') as area_level,
        if(deprivation_quintile = 'all', area_code, deprivation_quintile) as area_code,
        kind = 'directly_standardised_rate' as is_rate
    from cells inner join series using (measure, category_type, category)
    where status <> 'x'
),

said as (
    select *, if(is_rate, 'standardised: ' || counts, counts) as category_set, numerator as said from rows
    union all by name
    select
        * exclude (value, lower, upper, is_rate), false as is_rate, whole as category_set, denominator as said
    from rows where kind = 'proportion'
)

select
    units_model, category_set, period_type, period_start, area_level, area_code, age_band, sex, max(said) as said,
    max(said) is null as withheld, max(value) filter (is_rate) as value, max(lower) filter (is_rate) as lower,
    max(upper) filter (is_rate) as upper
from said group by all
"""


def folders(releases: Path) -> list[Path]:
    """Return the folders of all releases in order of their making; the link to the current one is not another."""
    if not releases.is_dir():
        return []
    found = (path for path in releases.iterdir() if not path.is_symlink() and not path.name.startswith("."))
    return sorted(path for path in found if (path / "release.duckdb").is_file())


def made_from(releases: Path) -> dict[str, str | None]:
    """Return, for each release, the build that it was made from; none if it does not say."""
    found = {}
    for folder in folders(releases):
        with duckdb.connect(str(folder / "release.duckdb"), read_only=True) as release:
            says = release.sql("select * from release").pl()
            found[folder.name] = says["build_id"][0] if "build_id" in says.columns else None
    return found


def read(releases: Path) -> pl.DataFrame:
    """Return what the releases in a folder said, one row a cell: the latest figure, and whether it was withheld last.

    Columns SCHEMA. Raises Refusal if a release cannot be read: what it said cannot be reckoned with.
    """
    said = [pl.DataFrame(schema=SCHEMA)]
    for folder in folders(releases):
        try:
            with duckdb.connect(str(folder / "release.duckdb"), read_only=True) as release:
                stated = json.loads(release.execute("select policy from release").fetchone()[0])
                said.append(_with_interval(release.sql(SAID).pl(), Policy(**stated)))
        except duckdb.Error:
            raise Refusal(
                f"release {folder.name} cannot be read, so what it said cannot be reckoned with; repair or remove it."
            ) from None
    numbers = ["said", "low", "high", "value", "lower", "upper"]
    # in order of the releases: a withheld figure does not take back what an earlier release showed
    return (
        pl.concat(said)
        .group_by(CELL, maintain_order=True)
        .agg(*(pl.col(name).drop_nulls().last() for name in numbers), pl.col("withheld").last())
        .select(*SCHEMA)
    )


def _with_interval(cells: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Add what each figure stood for, by the policy of its own release."""
    low, high = policy.interval(cells["said"].fill_null(0).to_numpy())
    known = pl.col("said").is_not_null()
    cells = cells.with_columns(low=pl.Series(low), high=pl.Series(high)).with_columns(
        low=pl.when(known).then("low"), high=pl.when(known).then("high")
    )
    return cells.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def series(said: pl.DataFrame) -> dict[str, list[Series]]:
    """Return, per units model, the cuts that earlier releases had, as series that only add cells to the system."""
    age = (
        pl.when(pl.col("age_band") == "all")
        .then(pl.lit("all"))
        .when(pl.col("age_band").is_in(list(levels.BROAD_BANDS)))
        .then(pl.lit("broad"))
        .otherwise(pl.lit("five_year"))
    )
    sex = pl.when(pl.col("sex") == "all").then(pl.lit("all")).otherwise(pl.lit("each"))
    cuts = said.filter(~pl.col("category_set").str.starts_with(STANDARDISED)).select(
        "units_model", "category_set", "period_type", "area_level", age_level=age, sex_level=sex
    )
    found: dict[str, list[Series]] = {}
    tables = (
        cuts.unique()
        .sort(pl.all())
        .partition_by(["units_model", "category_set"], include_key=False, as_dict=True)
    )
    for (units_model, name), rows in tables.items():
        at = tuple(levels.Level(*row) for row in rows.iter_rows())
        counts = tuple(name.split(" + "))
        line = Series("earlier", name, name, "count", "", counts, (), (), 1, "", 0, False, at)
        found.setdefault(units_model, []).append(line)
    return found


@dataclass
class Public:
    """What earlier releases leave an intruder to know of each cell of a system.

    said: the earlier figure, or -1; withheld: the latest release that had the cell withheld it; kept: today's count is
    another one, but not by enough to be shown; low, high: what the earlier figure says of today's count, if anything.
    """

    said: np.ndarray
    withheld: np.ndarray
    kept: np.ndarray
    low: np.ndarray
    high: np.ndarray


def nothing_public(cells: int) -> Public:
    """Return that there is no earlier release."""
    no = np.zeros(cells, bool)
    return Public(np.full(cells, -1), no, no, np.zeros(cells, np.int64), np.full(cells, UNBOUNDED))


def reach(policy: Policy) -> int:
    """Return how far a count must be from an earlier figure for more people than the threshold to be behind it."""
    return policy.threshold + policy.half_width


def public(system: System, said: pl.DataFrame, released: np.ndarray, policy: Policy) -> Public:
    """Lay what was said of one units model beside the cells of its system; released: cells that show a figure now."""
    joined = system.cells.select(*KEY, "cell", "counted").join(
        said, on=KEY, how="left", maintain_order="left"
    )
    earlier = joined["said"].fill_null(-1).to_numpy()
    withheld = joined["withheld"].fill_null(False).to_numpy() & released
    counted = joined["counted"].to_numpy()
    low, high = joined["low"].fill_null(0).to_numpy(), joined["high"].fill_null(UNBOUNDED).to_numpy()
    same = (earlier >= 0) & (low <= counted) & (counted <= high)
    near = (earlier >= 0) & ~same & (np.abs(counted - earlier) <= reach(policy))
    kept = near & released & ~withheld
    near_low = np.maximum(earlier - reach(policy), 0)
    low = np.where(same, low, np.where(kept, near_low, 0))
    high = np.where(same, high, np.where(kept, earlier + reach(policy), UNBOUNDED))
    return Public(earlier, withheld, kept, low, high)
