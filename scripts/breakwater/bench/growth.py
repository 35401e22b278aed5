"""How protection and attack grow: the same place with ten times the people, and with ten times the cells."""

import math
import resource
import time
from multiprocessing import get_context

import numpy as np
import polars as pl

from breakwater import tables as printed
from breakwater.bench.peer_tables import Table, linear
from breakwater.disclosure import protect, tables
from breakwater.disclosure.attack import propagate
from breakwater.disclosure.policy import Policy
from breakwater.progress import say

CUTS = "(area + ward + place) * (age + broad) * sex"
FUNCTIONS = {"area": ("ward",), "ward": ("place",), "age": ("broad",)}
AREAS, BANDS, MEAN = 107, 19, 3.4
# name -> (times the people in a cell, times the areas)
SIZES = {"as it is": (1, 1), "ten times the people": (10, 1), "ten times the cells": (1, 10)}


def microdata(people: int, areas: int, seed: int = 1) -> pl.DataFrame:
    """Return counts by small area, five-year band and sex: more in the old, in some areas three times as many."""
    random = np.random.default_rng(seed)
    shape = (AREAS * areas, BANDS, 2)
    size = random.uniform(0.5, 1.5, (shape[0], 1, 1)) * np.linspace(0.5, 1.5, BANDS)[None, :, None]
    counts = random.poisson(people * MEAN * size * np.ones(shape))
    area, band, sex = (index.ravel() for index in np.indices(shape))
    return pl.DataFrame({"area": area, "ward": area // 6, "place": area * 0, "age": band, "broad": band // 4,
                         "sex": sex, "n": counts.ravel()})  # fmt: skip


def measure(people: int, areas: int, policy: Policy) -> dict:
    """Protect and attack one size; seconds of one processor, memory in MB of the process."""
    system, published = tables.lay_out(microdata(people, areas), "n", tables.cuts_of(CUTS), FUNCTIONS)
    counted = system.cells["counted"].to_numpy()
    small = published & (counted >= 1) & (counted <= policy.threshold)
    begun = time.process_time()
    decision = protect.protect(system, protect.no_sums(), small, published, policy)
    between = time.process_time()
    nothing = np.zeros(len(small), bool)
    ends = protect.prior_bounds(counted, decision.status, decision.block, published, nothing, policy)
    low, high = propagate.tighten(linear(Table("growth", system, published, counted, small), *ends))
    return {
        "cells": int(published.sum()),
        "small": int(small.sum()),
        "besides": int((decision.status == protect.COMPLEMENTARY).sum()),
        "narrow": int((high - low + 1 < policy.least_candidates)[small].sum()),
        "protection": between - begun,
        "attack": time.process_time() - between,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def report(policy: Policy) -> None:
    """Print a line a size, each measured in a process of its own after a small one that compiles."""
    found = {}
    for name, (people, areas) in SIZES.items():
        with get_context("spawn").Pool(1) as process:
            process.apply(measure, (1, 1, policy))
            found[name] = process.apply(measure, (people, areas, policy))
    columns = ["size", "cells", "small", "withheld besides", "narrow", "protection s", "attack s", "peak MB"]
    lines = [
        (name, one["cells"], one["small"], one["besides"], one["narrow"], f"{one['protection']:.2f}",
         f"{one['attack']:.2f}", one["memory"])
        for name, one in found.items()
    ]  # fmt: skip
    printed.show("Growth", columns, lines)
    one, more = found["as it is"], found["ten times the cells"]
    for part in ("protection", "attack"):
        exponent = math.log(more[part] / one[part]) / math.log(more["cells"] / one["cells"])
        say("bench", f"{part} grows with cells to the power of {exponent:.2f}")
