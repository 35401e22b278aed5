"""A draft of the protector under exact bounds: counts that propagation leaves wide and all sums together do not.

The attack before a release does the same again, from the release file alone.
"""

import numpy as np

from breakwater.disclosure.attack.exact import Bounds as Exact
from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.settle import settle
from breakwater.disclosure.bounds import UNBOUNDED, Bounds
from breakwater.disclosure.choose import CELLS, SUMS
from breakwater.disclosure.layout import NOT_KNOWN

# Steps, from sum to sum, to what could be withheld.
FARTHEST = 3


def narrowed(
    bounds: Bounds, low: np.ndarray, high: np.ndarray, targets: np.ndarray, enough: int
) -> dict[int, Exact]:
    """Return the targets that exact bounds leave fewer than `enough` values, with what makes it so.

    low, high: what each cell says by itself. Of counts of people of unknown sex an intruder does not know where there
    are none; of all others they do.
    """
    cells = bounds.system.cells
    counted, unknown_sex = cells["counted"].to_numpy(), np.zeros(len(cells), bool)
    if "sex" in cells.columns:  # a table of other making may have none
        unknown_sex = (cells["sex"] == NOT_KNOWN).to_numpy()
    less_sure = np.where(unknown_sex & (counted == 0), UNBOUNDED, high)
    found: dict[int, Exact] = {}
    for mine, most in ((targets[~unknown_sex[targets]], high), (targets[unknown_sex[targets]], less_sure)):
        if len(mine):
            ends = low.copy(), most.copy()
            bounds.narrow(*ends, np.arange(len(low)))
            found |= settle(linear(bounds, *ends), counted, mine, enough, thorough=True).narrow
    return dict(sorted(found.items()))


def linear(bounds: Bounds, low: np.ndarray, high: np.ndarray) -> LinearSystem:
    """Return the sums of a system as rows of a linear one; a weighted sum that is not shown bounds nothing."""
    system, sums = bounds.system, bounds.sums
    relations, wholes = len(system.whole), np.ones(len(system.whole))
    row = np.concatenate([
        np.repeat(np.arange(relations), np.diff(system.start)), np.arange(relations),
        np.repeat(np.arange(len(sums.low)), np.diff(sums.start)) + relations,
    ])  # fmt: skip
    cell = np.concatenate([system.part, system.whole, sums.part])
    weight = np.concatenate([np.ones(len(system.part)), -wholes, sums.coefficient])
    nothing = np.zeros(relations)
    # as a reader of rounded figures sees them
    near = 1e-6 * np.abs(sums.low + sums.high)
    least = np.concatenate([nothing, np.where(sums.shown, sums.low - near, -np.inf)])
    most = np.concatenate([nothing, np.where(sums.shown, sums.high + near, np.inf)])
    return LinearSystem(low.astype(float), high.astype(float), row, cell, weight, least, most)


def options(bounds: Bounds, exact: Exact, useful: np.ndarray) -> tuple[str, list[int]]:
    """Return what could be withheld so that a cell is bounded less sharply: (CELLS, any) or (SUMS, any).

    useful: cells that may be withheld. First of what the bounds rest on, then of what shares a sum with that.
    """
    system, relations = bounds.system, len(bounds.system.whole)
    near = exact.pinned_by[useful[exact.pinned_by]]
    if len(near):
        return CELLS, near.tolist()
    weighted = exact.rows[exact.rows >= relations] - relations
    if len(weighted):
        return SUMS, weighted.tolist()
    cells, rows = exact.pinned_by, exact.rows
    for _ in range(FARTHEST):
        of_cells = (bounds.rows_of[bounds.rows_start[c] : bounds.rows_start[c + 1]] for c in cells.tolist())
        rows = np.unique(np.concatenate([rows, *of_cells]))
        rows = rows[rows < relations]
        parts = [system.part[system.start[row] : system.start[row + 1]] for row in rows.tolist()]
        cells = np.unique(np.concatenate([system.whole[rows], *parts]).astype(np.int64))
        if useful[cells].any():
            break
    return CELLS, cells[useful[cells]].tolist()
