"""The promise against enumeration: every whole-number table that agrees with what is known, of hundreds of tables."""

import numpy as np
import polars as pl
import pytest
from breakwater.bench.peer_tables import Table, linear
from breakwater.disclosure import protect, tables
from breakwater.disclosure.attack import exact, propagate
from breakwater.disclosure.policy import Policy

MOST = 18
GRID = np.stack([axis.ravel() for axis in np.meshgrid(*[np.arange(MOST + 1)] * 4, indexing="ij")])
POLICIES = [Policy(7, 5, 4, 20), Policy(7, 1, 4, 20, method="suppression")]


def a_table(random: np.random.Generator, policy: Policy) -> Table:
    """Two areas by two sexes, with all totals: half the counts small, some zero."""
    counts = np.where(random.random(4) < 0.6, random.integers(0, 9, 4), random.integers(0, 15, 4))
    rows = {"area": ["a", "a", "b", "b"], "sex": ["F", "M"] * 2, "n": counts}
    system, published = tables.lay_out(pl.DataFrame(rows), "n", tables.cuts_of("area * sex"), {})
    counted = system.cells["counted"].to_numpy()
    return Table("tiny", system, published, counted, (counted >= 1) & (counted <= policy.threshold))


def every_value(table: Table, low: np.ndarray, high: np.ndarray) -> list[np.ndarray]:
    """The values that each cell takes in the tables that agree, by brute force."""
    inner = table.system.cells.filter((pl.col("area") != "all") & (pl.col("sex") != "all"))
    where = inner.select("area", "sex").rows()
    members = [
        [area in ("all", a) and sex in ("all", s) for a, s in where]
        for area, sex in table.system.cells.select("area", "sex").iter_rows()
    ]
    agree, values = np.ones(GRID.shape[1], bool), []
    for cell, part in enumerate(members):
        values.append(GRID[part].sum(axis=0))
        agree &= (values[cell] >= low[cell]) & (values[cell] <= high[cell])
    return [np.unique(found[agree]) for found in values]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.method)
def test_bounds_are_those_of_all_tables_and_every_small_count_keeps_four_values(policy):
    random, cells, small, withheld = np.random.default_rng(17), 0, 0, 0
    for number in range(250):
        table = a_table(random, policy)
        decision = protect.protect(table.system, protect.no_sums(), table.small, table.published, policy)
        nothing = np.zeros(len(table.small), bool)
        ends = protect.prior_bounds(
            table.counted, decision.status, decision.block, table.published, nothing, policy
        )
        possible = every_value(table, *ends)
        system = linear(table, *ends)
        system.low, system.high = propagate.tighten(system)
        sharp = exact.bounds(system, np.arange(len(possible)), enough=0) if number < 60 else {}
        for cell, values in enumerate(possible):
            assert table.counted[cell] in values
            assert system.low[cell] <= values.min() and values.max() <= system.high[cell]
            if cell in sharp and sharp[cell].high < MOST:
                assert (sharp[cell].low, sharp[cell].high) == (values.min(), values.max())
            if decision.protected[cell]:
                assert len(values) >= policy.least_candidates
        cells, small = cells + len(possible), small + decision.protected.sum()
        withheld += (decision.status == protect.COMPLEMENTARY).sum()
    assert cells > 2000 and small > 700 and withheld > 50
