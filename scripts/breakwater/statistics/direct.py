"""Direct standardisation: what the rate would be in a standard population."""

import math
from typing import NamedTuple

import numpy as np

from breakwater.statistics.poisson_limits import byar

LEAST_EVENTS = 10


class Rate(NamedTuple):
    """A rate with its limits; NaN where there are too few events for them."""

    value: float
    lower: float
    upper: float


def directly_standardised_rate(events, population, weights, *, per: float = 100_000) -> Rate:
    """Return the directly standardised rate and its 95% interval, per `per` people; all NaN below ten events.

    events, population, weights: one value an age band, shape (bands,); counts, person-years, people of the standard.
    The interval is Dobson's on Byar's limits.
    Raises ValueError where a band has a weight and nobody in it.
    Source: Dobson et al. 1991, Statistics in Medicine 10:457-462.
    """
    events, population, weights = (np.asarray(given, float) for given in (events, population, weights))
    if ((population <= 0) & (weights > 0)).any():
        raise ValueError("an age band with a weight has no population")
    observed = events.sum()
    if observed < LEAST_EVENTS:
        return Rate(math.nan, math.nan, math.nan)
    share = weights / weights.sum() / population
    rate, variance = (share * events).sum(), (share**2 * events).sum()
    reach = math.sqrt(variance / observed)
    limits = [rate + reach * (limit - observed) for limit in byar(observed)]
    return Rate(*(float(per * value) for value in (rate, *limits)))
