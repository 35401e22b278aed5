"""What an attack found, in one system: how far each count can be narrowed, and how many too far."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.disclosure.attack.coarser import with_coarser
from breakwater.disclosure.attack.exact import bounds
from breakwater.disclosure.attack.linear import LinearSystem, Rows
from breakwater.disclosure.attack.propagate import tighten
from breakwater.disclosure.attack.published import published, together, with_knowledge
from breakwater.disclosure.attack.sums import add_differences, add_standardised_rates, add_sums_over
from breakwater.disclosure.policy import Policy


@dataclass
class Findings:
    """What the attack found: one row an attacked cell in `cells` (with low and high), and counts."""

    cells: pl.DataFrame
    system: LinearSystem
    withheld: int
    exact: int
    narrow: int

    @property
    def sums(self) -> int:
        return len(self.system.least)

    @property
    def leaks(self) -> int:
        return self.narrow


def attack(releases, policy: Policy, knowledge: pl.DataFrame | None = None) -> Findings:
    """Bound every cell of a release by all its sums at once, and count those that can be narrowed too far.

    releases: a DuckDB connection with the release's tables in its search path, or several, the latest last.
    knowledge: optional frame of every counted cell (units_model, category_set, DIMENSIONS, counted, people, in_block,
    rest, is_implied).
    exact and narrow count withheld cells (with knowledge: cells of 1 to the threshold, released or not) with one, and
    with fewer than `least_candidates`, possible values.
    """
    cells, system = read(releases, policy, knowledge)
    low, high = tighten(system)
    found = cells.with_columns(low=pl.Series(low), high=pl.Series(high))
    system.low, system.high = low, high
    return _judged(found, system, policy, knowledge is not None)


def _judged(cells: pl.DataFrame, system: LinearSystem, policy: Policy, knows: bool) -> Findings:
    inside = attacked(cells, policy, knows).with_columns(width=pl.col("high") - pl.col("low") + 1)
    return Findings(
        cells=cells,
        system=system,
        withheld=int(cells["withheld"].sum()),
        exact=inside.filter(pl.col("width") <= 1).height,
        narrow=inside.filter(pl.col("width") < policy.least_candidates).height,
    )


def read(releases, policy: Policy, knowledge: pl.DataFrame | None) -> tuple[pl.DataFrame, LinearSystem]:
    """Return the cells of releases, published or following from what is, and the system that they make."""
    releases = releases if isinstance(releases, list | tuple) else [releases]
    release = releases[-1]
    cells = together([published(one, policy) for one in releases])
    areas = release.sql("select area_code, area_type, parent_code, deprivation_quintile from areas").pl()
    cells, steps = with_coarser(cells, areas)
    if knowledge is not None:
        cells = with_knowledge(cells, knowledge, policy)
    cells = cells.with_row_index("node")
    rows = Rows()
    add_sums_over(rows, cells, steps, all_parts_known=knowledge is not None)
    add_differences(rows, cells)
    add_standardised_rates(rows, cells, release)
    return cells, rows.system(cells["low"].to_numpy().astype(float), cells["high"].to_numpy().astype(float))


def sharpen(found: Findings, policy: Policy, knows: bool) -> Findings:
    """Return the findings with exact bounds for the cells that propagation brought near to telling something.

    Near is within as many values of the threshold, or of too few candidates, as candidates must remain.
    """
    system, near = found.system, policy.least_candidates
    if knows:
        worth = found.cells.filter(pl.col("small") & (pl.col("high") - pl.col("low") < 2 * near))
    else:
        worth = found.cells.filter(
            pl.col("withheld") & pl.col("high").is_between(1, policy.threshold + near - 1)
        )
    low, high = system.low.copy(), system.high.copy()
    for cell, bound in bounds(system, worth["node"].to_numpy().astype(np.int64), near).items():
        low[cell], high[cell] = max(low[cell], bound.low), min(high[cell], bound.high)
    return _judged(found.cells.with_columns(low=pl.Series(low), high=pl.Series(high)), system, policy, knows)


def attacked(found: pl.DataFrame, policy: Policy, knows: bool) -> pl.DataFrame:
    """Return the cells that an attack is after: of few people by the truth, or, from outside, of surely few."""
    if knows:
        return found.filter("small")
    # without the truth, only what must be small counts as found: all its values within the threshold
    return found.filter(pl.col("withheld") & pl.col("high").is_between(1, policy.threshold))
