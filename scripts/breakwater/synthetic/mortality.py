"""Death rates by sex, local decile of deprivation and single year of age, fitted to life expectancies.

Gompertz with a level for infants: the logarithm of the rate rises straight with age; deprivation raises it by
a factor that fades after 65, as it does in England. The factor of each decile is found by bisection so that
life expectancy lies on the published slope.
"""

import numpy as np

from breakwater.reference.population import SEXES
from breakwater.synthetic import published
from breakwater.synthetic.place import DECILES

AGES = np.arange(111)
# Rate at 50 and yearly rise, close to England 2017-2019; infants and a floor for accidents, per person-year.
AT_50 = {"female": 0.0021, "male": 0.0033}
RISE = {"female": 0.103, "male": 0.097}
INFANT, FLOOR, CEILING = 0.0038, 0.00012, 0.75


def rates() -> np.ndarray:
    """Return deaths per person-year, shape (sexes, deciles, ages 0 to 110); decile 0 is the most deprived."""
    result = np.empty((len(SEXES), DECILES, AGES.size))
    years = np.array(published.PERSON_YEARS_BY_DECILE, dtype=float)
    rank = (np.cumsum(years) - years / 2) / years.sum()
    for s, sex in enumerate(SEXES):
        mean = published.LIFE_EXPECTANCY[sex] + published.LIFE_EXPECTANCY_CORRECTION[sex]
        slope = published.SLOPE_INDEX[sex] * published.SLOPE_CORRECTION[sex]
        for d in range(DECILES):
            result[s, d] = _fitted(sex, mean + slope * (rank[d] - 0.5))
    return result


def life_expectancy(rate: np.ndarray) -> float:
    """Return life expectancy at birth in years for rates by single year of age."""
    alive = np.concatenate([[1.0], np.exp(-np.cumsum(rate))])
    return float(((alive[:-1] + alive[1:]) / 2).sum())


def _rate(sex: str, effect: float) -> np.ndarray:
    fading = np.interp(AGES, [65, 90], [1.0, 0.35])
    rate = AT_50[sex] * np.exp(RISE[sex] * (AGES - 50)) + FLOOR
    rate[0] = INFANT
    return np.minimum(rate * np.exp(effect * fading), CEILING)


def _fitted(sex: str, target: float) -> np.ndarray:
    low, high = -4.0, 4.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if life_expectancy(_rate(sex, middle)) > target else (low, middle)
    return _rate(sex, (low + high) / 2)
