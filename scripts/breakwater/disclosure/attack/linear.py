"""A released system as an intruder sees it: whole numbers within bounds, tied together by weighted sums."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


@dataclass
class LinearSystem:
    """low <= x <= high and least <= A x <= most, x whole numbers; x holds one count a cell.

    low, high: shape (cells,). row, cell, weight: the entries of A. least, most: shape (rows,).
    """

    low: np.ndarray
    high: np.ndarray
    row: np.ndarray
    cell: np.ndarray
    weight: np.ndarray
    least: np.ndarray
    most: np.ndarray

    @cached_property
    def by_row(self) -> csr_array:
        """A in compressed rows."""
        return csr_array((self.weight, (self.row, self.cell)), shape=(len(self.least), len(self.low)))

    @cached_property
    def by_cell(self):
        """A in compressed columns."""
        return self.by_row.tocsc()

    @cached_property
    def parts(self) -> np.ndarray:
        """Number the parts that have no row in common: one number a cell. A cell that is known is no link."""
        return self._linked(np.ones(len(self.least), bool))

    @cached_property
    def together(self) -> np.ndarray:
        """Number the cells that can only move together, since a row ties two and nothing else is open in it."""
        open_ = (self.high > self.low)[self.cell]
        return self._linked(np.bincount(self.row[open_], minlength=len(self.least)) == 2)

    def _linked(self, rows: np.ndarray) -> np.ndarray:
        entries = (self.high > self.low)[self.cell] & rows[self.row]
        row, cell = self.row[entries], self.cell[entries]
        size = len(self.low) + len(self.least)
        links = csr_array((np.ones(len(row), bool), (cell, row + len(self.low))), shape=(size, size))
        return connected_components(links, directed=False)[1][: len(self.low)]

    def of(self, cells: np.ndarray) -> tuple["LinearSystem", np.ndarray]:
        """Return the system of these cells and of what shares a row with them, and which cells those are."""
        entries = np.isin(self.row, self.row[np.isin(self.cell, cells)])
        rows, row = np.unique(self.row[entries], return_inverse=True)
        here, cell = np.unique(np.concatenate([self.cell[entries], cells]), return_inverse=True)
        cell, weight = cell[: len(row)], self.weight[entries]
        ends = self.low[here], self.high[here]
        return LinearSystem(*ends, row, cell, weight, self.least[rows], self.most[rows]), here

    def agrees(self, values: np.ndarray) -> bool:
        """Tell whether whole numbers, one a cell, agree with every bound and every sum."""
        sums = self.by_row @ values
        near = 1e-6
        return bool(
            (values >= self.low).all()
            and (values <= self.high).all()
            and (sums >= self.least - near).all()
            and (sums <= self.most + near).all()
        )


class Rows:
    """Linear rows over nodes: least <= sum(coefficient * node) <= most."""

    def __init__(self):
        self.row: list[np.ndarray] = []
        self.node: list[np.ndarray] = []
        self.coefficient: list[np.ndarray] = []
        self.bounds: list[tuple[float, float]] = []

    def add(
        self, owner: np.ndarray, node: np.ndarray, coefficient: np.ndarray, bounds: list[tuple[float, float]]
    ) -> None:
        """Append rows; owner numbers them from 0 within this call."""
        self.row.append(owner + len(self.bounds))
        self.node.append(node)
        self.coefficient.append(coefficient)
        self.bounds += bounds

    def system(self, low: np.ndarray, high: np.ndarray) -> LinearSystem:
        """Return the system of these rows over cells with these bounds."""
        row, cell, weight = (
            np.concatenate(parts) if parts else np.empty(0, kind)
            for parts, kind in ((self.row, np.int64), (self.node, np.int64), (self.coefficient, float))
        )
        least, most = np.array(self.bounds, float).reshape(-1, 2).T
        return LinearSystem(low, high, row, cell, weight, least, most)
