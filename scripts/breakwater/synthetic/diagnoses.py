"""ICD-10 codes by kind of spell and age: a plausible short list, not an epidemiology."""

import numpy as np

from breakwater.synthetic.chance import choose, pick

# Emergency: code, treatment specialty, and weights in the ages 0-4, 5-17, 18-44, 45-64, 65-79, 80 and over.
AGES = (5, 18, 45, 65, 80)
EMERGENCY = (
    ("J219", "420", (18, 0, 0, 0, 0, 0)), ("J069", "420", (16, 6, 1, 0, 0, 0)),
    ("B349", "420", (14, 7, 2, 1, 0, 0)), ("R568", "420", (6, 4, 3, 2, 1, 1)),
    ("J459", "340", (4, 8, 4, 3, 1, 1)), ("K358", "100", (1, 9, 4, 2, 1, 0)),
    ("R104", "100", (3, 12, 14, 8, 5, 3)), ("T509", "300", (1, 8, 7, 3, 1, 0)),
    ("S099", "180", (9, 9, 3, 2, 2, 3)), ("N200", "101", (0, 0, 4, 4, 2, 1)),
    ("R074", "300", (0, 3, 12, 14, 7, 4)), ("I214", "320", (0, 0, 1, 6, 6, 4)),
    ("I209", "320", (0, 0, 1, 4, 3, 1)), ("I489", "320", (0, 0, 1, 4, 5, 4)),
    ("I500", "320", (0, 0, 0, 2, 5, 8)), ("I639", "300", (0, 0, 1, 3, 5, 6)),
    ("J440", "340", (0, 0, 0, 6, 9, 5)), ("J181", "340", (4, 3, 4, 7, 9, 11)),
    ("A419", "300", (3, 2, 3, 5, 7, 8)), ("N390", "430", (3, 2, 4, 4, 6, 10)),
    ("L031", "100", (2, 3, 6, 6, 4, 3)), ("E109", "300", (0, 3, 3, 2, 1, 0)),
    ("E149", "300", (0, 0, 1, 2, 2, 1)), ("K859", "100", (0, 0, 3, 3, 1, 1)),
    ("K922", "100", (0, 0, 2, 3, 3, 3)), ("F101", "300", (0, 1, 5, 5, 1, 0)),
    ("R55X", "430", (0, 3, 3, 3, 4, 5)), ("D649", "300", (0, 0, 2, 2, 3, 3)),
    ("R410", "430", (0, 0, 0, 1, 3, 7)), ("S720", "110", (0, 0, 0, 1, 2, 5)),
    ("S525", "110", (3, 8, 2, 2, 1, 1)), ("S422", "110", (1, 2, 1, 1, 1, 1)),
    ("S015", "180", (4, 2, 1, 1, 1, 2)), ("S060", "180", (3, 3, 2, 1, 1, 2)),
)  # fmt: skip
FALLS = np.array([code[0] == "S" for code, _, _ in EMERGENCY])
FELL = ("W190", "W010", "W180", "W060")
# Planned: code, treatment specialty, weight under 45 and from 45.
PLANNED = (
    ("H269", "130", (1, 22)), ("K635", "301", (4, 12)), ("K210", "301", (8, 10)), ("Z511", "800", (5, 14)),
    ("C509", "103", (1, 4)), ("K409", "100", (5, 6)), ("M171", "110", (1, 6)), ("M161", "110", (1, 5)),
    ("N40X", "101", (0, 5)), ("D126", "301", (2, 6)), ("M545", "191", (5, 5)), ("K020", "140", (10, 1)),
    ("J350", "120", (8, 0)), ("N920", "502", (9, 3)), ("I839", "107", (4, 4)), ("L988", "330", (6, 6)),
)  # fmt: skip
# Main procedure (OPCS-4) by primary diagnosis; most stays have none.
OPERATIONS = {
    "H269": "C712", "K635": "H221", "K210": "G451", "Z511": "X352", "C509": "B282", "K409": "T202", "M171": "W401",
    "M161": "W371", "N40X": "M653", "D126": "H231", "M545": "A521", "K020": "F104", "J350": "F341", "N920": "Q181",
    "I839": "L852", "L988": "S065", "O800": "R249", "S720": "W241", "K358": "H011", "I214": "K751", "S525": "W262",
}  # fmt: skip
CAUSES = (  # underlying cause of death, weights under 45, 45-74, 75 and over
    ("I219", (3, 10, 7)), ("I259", (2, 9, 8)), ("I639", (1, 3, 5)), ("I64X", (0, 2, 4)), ("F03X", (0, 2, 10)),
    ("G309", (0, 2, 7)), ("C349", (1, 10, 4)), ("C189", (2, 5, 3)), ("C509", (2, 5, 2)), ("C259", (1, 4, 2)),
    ("C61X", (0, 2, 3)), ("J449", (0, 6, 5)), ("J189", (1, 3, 6)), ("K709", (6, 6, 0)), ("X420", (14, 2, 0)),
    ("X700", (14, 2, 0)), ("V892", (6, 1, 0)), ("W190", (1, 1, 3)), ("N390", (0, 1, 3)), ("R54X", (0, 0, 5)),
    ("I500", (0, 2, 4)), ("A419", (1, 2, 2)), ("C900", (1, 3, 2)),
)  # fmt: skip


def _table(rows, groups: int) -> np.ndarray:
    weights = np.array([row[-1] for row in rows], dtype=float).T
    return np.cumsum(weights, axis=1)[:groups] / weights.sum(axis=1, keepdims=True)[:groups]


_EMERGENCY, _PLANNED, _CAUSES = _table(EMERGENCY, 6), _table(PLANNED, 2), _table(CAUSES, 3)


def emergency(rng: np.random.Generator, age: np.ndarray) -> np.ndarray:
    """Return positions in EMERGENCY."""
    return choose(rng, _EMERGENCY, np.searchsorted(AGES, age, side="right"))


def planned(rng: np.random.Generator, age: np.ndarray) -> np.ndarray:
    """Return positions in PLANNED."""
    return choose(rng, _PLANNED, (age >= 45).astype(np.int64))


def causes(rng: np.random.Generator, age: np.ndarray) -> np.ndarray:
    """Return underlying causes of death as text."""
    codes = np.array([code for code, _ in CAUSES])
    return codes[choose(rng, _CAUSES, np.searchsorted((45, 75), age, side="right"))]


def procedures(primary: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return main procedures as text for primary diagnoses, in the first episode of a stay; `-` for none."""
    codes, at = np.unique(primary, return_inverse=True)
    return np.where(first, np.array([OPERATIONS.get(code, "-") for code in codes])[at], "-")


def falls(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return the external cause of a fall as text."""
    return np.array(FELL)[pick(rng, (5, 3, 2, 1), size)]
