"""Abridged life tables and the slope index of inequality, to measure what the synthetic place came out as."""

import numpy as np

STARTS = np.array([0, 1, *range(5, 95, 5)])  # 0, 1-4, 5-9 .. 85-89, 90+
WIDTHS = np.diff(np.append(STARTS, np.inf))


def banded(by_age: np.ndarray) -> np.ndarray:
    """Return sums over the twenty bands of counts by single year of age on the last axis."""
    return np.add.reduceat(by_age, STARTS, axis=-1)


def life_expectancy(deaths: np.ndarray, person_years: np.ndarray) -> float:
    """Return life expectancy at birth in years.

    deaths, person_years: shape (20,), bands as in STARTS. NaN where a band has no person-years or nobody died
    at 90 and over. Deaths fall in the middle of a band, those of infants at a tenth of a year.
    Source: Chiang 1984, The Life Table and its Applications (method II).
    """
    if (person_years <= 0).any() or deaths[-1] == 0:
        return float("nan")
    rate = deaths / person_years
    lived = np.full(STARTS.size, 0.5)
    lived[0] = 0.1
    width = WIDTHS[:-1]
    dying = np.minimum(width * rate[:-1] / (1 + width * (1 - lived[:-1]) * rate[:-1]), 1)
    alive = np.concatenate([[1.0], np.cumprod(1 - dying)])
    years = width * (alive[1:] + lived[:-1] * (alive[:-1] - alive[1:]))
    return float(years.sum() + alive[-1] / rate[-1])


def slope_index(values: np.ndarray, people: np.ndarray) -> float:
    """Return the slope of values on the mid-rank of cumulative population share, weighted by people.

    values, people: shape (groups,), most deprived first. Groups without a value are left out.
    Source: regression of Y sqrt(a) on sqrt(a) and b sqrt(a), as in PHEindicatormethods.
    """
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    known = ~np.isnan(values)
    if known.sum() < 2:
        return float("nan")
    root = np.sqrt(share[known])
    design = np.stack([root, rank[known] * root], axis=1)
    return float(np.linalg.lstsq(design, values[known] * root, rcond=None)[0][1])
