"""Long-term conditions: how many a person holds, from age, deprivation and a lasting tendency.

Shaped on Scottish general practice data (Barnett et al. 2012, Lancet 380:37-43): few before 40, about two
at 75, and some ten to fifteen years earlier in the most deprived areas than in the least deprived.
"""

import numpy as np

_AGE = (0, 20, 40, 55, 65, 75, 85, 100)
_HELD = (0.03, 0.10, 0.30, 0.75, 1.30, 2.00, 2.60, 3.00)
MOST = 9


def expected(age: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Return conditions expected at an age (years) and deprivation rank (0 most deprived, 1 least)."""
    return np.interp(age, _AGE, _HELD) * np.exp(0.7 * (0.5 - rank))


def held(rng: np.random.Generator, age, rank, trait) -> np.ndarray:
    """Return the number of conditions held by new people."""
    return np.minimum(rng.poisson(expected(age, rank) * trait), MOST)


def gained(rng: np.random.Generator, age, rank, trait, years: float) -> np.ndarray:
    """Return conditions gained over the next `years`: what expectation rises by, never less than nothing."""
    rise = np.maximum(expected(age + years, rank) - expected(age, rank), 0)
    return rng.poisson(rise * trait)
