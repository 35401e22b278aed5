"""Why each cell is withheld, in words for governance. They stay in the warehouse: what they say tells about values."""

import numpy as np
import polars as pl

from breakwater.disclosure.primary import REASONS

RATE_REASONS = {
    "its count": "the count behind it is withheld",
    "earlier": REASONS["earlier"],
    "complementary": "with the cells shown it would narrow a count of few people",
}
TOGETHER = (
    "it is part of a small total, all parts of which are withheld so that nobody can know which are empty"
)


def in_words(cells: pl.DataFrame, reasons: np.ndarray, because: dict[int, tuple[int, int, int]]) -> list[str]:
    """Return a sentence a cell, empty where it is not withheld.

    reasons: words of `primary.REASONS`, or `complementary`. because: for a cell withheld to protect another one, that
    one and what it could be narrowed to if the first were shown.
    """
    said = []
    for cell, reason in enumerate(reasons.tolist()):
        if reason != "complementary":
            text = REASONS.get(reason)
        elif cell in because:
            other, low, high = because[cell]
            text = f"with the cells shown, {_named(cells.row(other, named=True))} could be narrowed to {low} to {high}"
        else:
            text = TOGETHER
        said.append(f"withheld because {text}" if text else "")
    return said


def _named(cell: dict) -> str:
    sex = "" if cell["sex"] == "all" else f", {cell['sex']}"
    age = "" if cell["age_band"] == "all" else f", {cell['age_band']}"
    return f"{cell['category_set']} in {cell['area_code']}{sex}{age}, {cell['period_type']} from {cell['period_start']}"
