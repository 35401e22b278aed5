"""What an attack found, in one system: how far each count can be narrowed, and how many too far."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from breakwater.disclosure.attack.coarser import with_coarser
from breakwater.disclosure.attack.exact import bounds
from breakwater.disclosure.attack.linear import LinearSystem, Rows
from breakwater.disclosure.attack.propagate import tighten
from breakwater.disclosure.attack.published import FAR, KEY, published, together, with_knowledge
from breakwater.disclosure.attack.settle import settle
from breakwater.disclosure.attack.sums import add_differences, add_standardised_rates, add_sums_over
from breakwater.disclosure.policy import Policy


@dataclass
class Findings:
    """What the attack found: one row an attacked cell in `cells`, and counts.

    cells: low and high as narrowed, low_alone and high_alone as a cell says by itself. settled: of the attacked cells,
    how many exact bounds settled; the others are as propagation left them.
    """

    cells: pl.DataFrame
    system: LinearSystem
    withheld: int
    exact: int
    narrow: int
    attacked: int
    settled: int = 0

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
    found = cells.with_columns(
        low=pl.Series(low),
        high=pl.Series(high),
        low_alone=pl.Series(system.low),
        high_alone=pl.Series(system.high),
    )
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
        attacked=inside.height,
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
    cells = cells.sort(KEY).with_row_index("node")
    rows = Rows()
    add_sums_over(rows, cells, steps, all_parts_known=knowledge is not None)
    add_differences(rows, cells)
    add_standardised_rates(rows, cells, release)
    return cells, rows.system(cells["low"].to_numpy().astype(float), cells["high"].to_numpy().astype(float))


def sharpen(found: Findings, policy: Policy, knows: bool) -> Findings:
    """Return the findings with exact bounds: of all that is attacked by an intruder who knows, as far as work allows.

    From outside only of cells that propagation brought near to telling something: within as many values of the
    threshold as candidates must remain.
    """
    near = policy.least_candidates
    low, high = found.system.low.copy(), found.system.high.copy()
    if knows:
        targets, unknown_sex = (
            np.flatnonzero(found.cells["small"].fill_null(False).to_numpy()),
            found.cells["sex"] == "not known",
        )
        of_unknown = unknown_sex.to_numpy()[targets]
        settled = 0
        for system, mine in ((found.system, targets[~of_unknown]), (_less_sure(found), targets[of_unknown])):
            done = settle(system, found.cells["counted"].fill_null(0).to_numpy(), mine, near)
            settled += len(done.wide) + len(done.narrow)
            for cell, bound in done.narrow.items():
                low[cell], high[cell] = max(low[cell], bound.low), min(high[cell], bound.high)
    else:
        worth = found.cells.filter(
            pl.col("withheld") & pl.col("high").is_between(1, policy.threshold + near - 1)
        )
        settled = worth.height
        for cell, bound in bounds(found.system, worth["node"].to_numpy().astype(np.int64), near).items():
            low[cell], high[cell] = max(low[cell], bound.low), min(high[cell], bound.high)
    cells = found.cells.with_columns(low=pl.Series(low), high=pl.Series(high))
    return replace(_judged(cells, found.system, policy, knows), settled=settled)


def _less_sure(found: Findings) -> LinearSystem:
    """The system of an intruder who does not know where nobody's sex is unknown."""
    system, empty = found.system, found.cells["sure_empty"].to_numpy()
    low, high = (found.cells[name].to_numpy().astype(float) for name in ("low_alone", "high_alone"))
    less = replace(system, low=low, high=np.where(empty, FAR, high))
    less.low, less.high = tighten(less)
    return less


def attacked(found: pl.DataFrame, policy: Policy, knows: bool) -> pl.DataFrame:
    """Return the cells that an attack is after: of few people by the truth, or, from outside, of surely few."""
    if knows:
        return found.filter("small")
    # without the truth, only what must be small counts as found: all its values within the threshold
    return found.filter(pl.col("withheld") & pl.col("high").is_between(1, policy.threshold))
