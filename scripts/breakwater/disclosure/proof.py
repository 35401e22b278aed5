"""The proof of a release: for each small count the values that a walk over whole tables showed to remain possible.

It is kept in the warehouse, for governance; a release says no more than how many counts were shown safe.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count, get_context

import numpy as np
import polars as pl

from breakwater.disclosure.attack import Findings
from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.published import KEY
from breakwater.disclosure.attack.walk import Walk, visits_only_what_agrees, walk


@dataclass
class Proof:
    """counts: one row a small count (KEY, least, greatest, the steps that saw them first, values, is_proven, part).

    steps: every step of every walk (part, step, cell, value), by which all tables can be made and checked again.
    """

    counts: pl.DataFrame
    steps: pl.DataFrame

    @property
    def proven(self) -> int:
        return int(self.counts["is_proven"].sum())


def prove(found: Findings, wanted: int, seed: int = 1, processes: int | None = None) -> Proof:
    """Walk each part of a system that was attacked in the worst case; `found.cells` holds the true counts.

    Raises ValueError if a table visited does not agree with what is published: no proof is made from it.
    """
    tasks = [_Task(*part, wanted, seed) for part in _parts(found)]
    # the longest first, so that no processor waits at the end
    tasks.sort(key=lambda task: -len(task.targets))
    walks = list(map(_walk, tasks)) if processes == 1 else _side_by_side(tasks, processes or cpu_count())
    counts = [_counts(found, task, one) for task, one in zip(tasks, walks, strict=True)]
    steps = [_steps(task, one) for task, one in zip(tasks, walks, strict=True)]
    return Proof(pl.concat(counts), pl.concat(steps))


@dataclass
class _Task:
    """One part of a system: its number, its own system, the cells of it, the true counts, and where the targets are."""

    part: int
    system: LinearSystem
    cells: np.ndarray
    start: np.ndarray
    targets: np.ndarray
    wanted: int
    seed: int


def _parts(found: Findings):
    counted = found.cells["counted"].to_numpy()
    small = np.flatnonzero(found.cells["small"].fill_null(False).to_numpy())
    part_of = found.system.parts
    for part in np.unique(part_of[small]).tolist():
        system, cells = found.system.of(np.flatnonzero(part_of == part))
        targets = np.searchsorted(cells, small[part_of[small] == part])
        yield part, system, cells, counted[cells].astype(np.int64), targets


def _side_by_side(tasks: list[_Task], processes: int) -> list[Walk]:
    # new processes, since a fork of one with threads can stand still
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_walk, tasks))


def _walk(task: _Task) -> Walk:
    found = walk(task.system, task.start, task.targets, task.wanted, task.seed)
    if not visits_only_what_agrees(task.system, found):
        raise ValueError("a table of the walk does not agree with what is published")
    return found


def _counts(found: Findings, task: _Task, one: Walk) -> pl.DataFrame:
    where = task.targets
    values = np.array([one.taken(cell) for cell in where.tolist()], np.int64)
    return found.cells[task.cells[where]].select(*KEY, cell="node").with_columns(
        part=pl.lit(task.part, pl.Int64),
        values=pl.Series(values),
        least=pl.Series(one.least[where]),
        least_step=pl.Series(one.least_step[where]),
        greatest=pl.Series(one.greatest[where]),
        greatest_step=pl.Series(one.greatest_step[where]),
        is_proven=pl.Series(values >= task.wanted),
    )  # fmt: skip


def _steps(task: _Task, one: Walk) -> pl.DataFrame:
    empty = np.empty(0, np.int64)
    sizes = [len(cells) for cells, _ in one.steps]
    return pl.DataFrame(
        {
            "step": np.repeat(np.arange(1, len(sizes) + 1), sizes).astype(np.int64),
            "cell": task.cells[np.concatenate([empty, *(cells for cells, _ in one.steps)])],
            "value": np.concatenate([empty, *(values for _, values in one.steps)]),
        }
    ).select(part=pl.lit(task.part, pl.Int64), step="step", cell="cell", value="value")
