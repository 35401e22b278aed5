"""Life expectancy from an abridged life table, with its interval."""

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

STARTS = np.array([0, 1, *range(5, 95, 5)])  # 0, 1-4, 5-9 .. 85-89, 90+
WIDTHS = np.diff(STARTS).astype(float)  # the last band is open
LIVED = np.array([0.1] + [0.5] * (WIDTHS.size - 1))  # share of a band lived by those who die in it
LEAST_PERSON_YEARS, WIDEST = 5_000, 20


class Expectancy(NamedTuple):
    """Years still to live from an age, with limits; NaN where the table does not hold, and then why."""

    value: float
    lower: float
    upper: float
    standard_error: float
    withheld_because: str = ""


def life_expectancy(deaths, person_years, age: int = 0, confidence: float = 0.95) -> Expectancy:
    """Return life expectancy at the start of a band, by Chiang's second method.

    deaths, person_years: shape (20,), bands as in STARTS. age: one of STARTS. Within a band deaths fall in the middle,
    those of infants at a tenth of a year. The last band adds variance as in Silcocks. Withheld under 5,000
    person-years, where a band is empty, where deaths exceed person-years, without a death at 90 and over, and where
    the interval is over 20 years wide.
    Sources: Chiang 1984, The Life Table and its Applications; Silcocks et al. 2001, JECH 55:38-43; Eayres and
    Williams 2004, JECH 58:243-249 (when a small table holds).
    Raises ValueError where there are not 20 bands, or age begins none.
    """
    deaths, years = np.asarray(deaths, float), np.asarray(person_years, float)
    if deaths.shape != STARTS.shape or years.shape != STARTS.shape or age not in STARTS:
        raise ValueError("a life table has 20 bands, and an age at which one begins")
    if why := _does_not_hold(deaths, years):
        return Expectancy(math.nan, math.nan, math.nan, math.nan, why)
    rate = deaths / years
    dying = np.minimum(WIDTHS * rate[:-1] / (1 + WIDTHS * (1 - LIVED) * rate[:-1]), 1)
    alive = np.append(1.0, np.cumprod(1 - dying))
    lived = np.append(WIDTHS * (alive[1:] + LIVED * (alive[:-1] - alive[1:])), alive[-1] / rate[-1])
    left = np.cumsum(lived[::-1])[::-1] / np.where(alive > 0, alive, np.nan)
    spread = np.divide(dying**2 * (1 - dying), deaths[:-1], out=np.zeros(dying.size), where=deaths[:-1] > 0)
    terms = np.append(
        alive[:-1] ** 2 * ((1 - LIVED) * WIDTHS + np.nan_to_num(left[1:])) ** 2 * spread,
        alive[-1] ** 2
        * max(1 - rate[-1], 0)
        / (deaths[-1] * rate[-1] ** 2),  # binomial deaths in the last band, too
    )
    first = int(np.flatnonzero(age == STARTS)[0])
    error = math.sqrt(terms[first:].sum()) / alive[first]
    reach = norm.ppf((1 + confidence) / 2) * error
    if not 2 * reach <= WIDEST:
        return Expectancy(math.nan, math.nan, math.nan, math.nan, "the interval is too wide")
    value = float(left[first])
    return Expectancy(value, float(value - reach), float(value + reach), float(error))


def _does_not_hold(deaths: np.ndarray, years: np.ndarray) -> str:
    if (deaths < 0).any() or (years <= 0).any():
        return "an age band has no person-years"
    if years.sum() < LEAST_PERSON_YEARS:
        return "too few person-years"
    if (deaths > years).any():
        return "more deaths than person-years in an age band"
    return "" if deaths[-1] > 0 else "nobody died at 90 and over"
