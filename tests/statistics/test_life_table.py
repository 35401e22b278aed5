"""Life expectancy against the worked example of the Public Health England calculator, and against simulation."""

import numpy as np
import pytest
from breakwater.statistics.life_table import STARTS, life_expectancy

# The worked example of the calculator, as in the tests of PHEindicatormethods (testLifeExpectancy.R).
PEOPLE = np.array([
    7060, 35059, 46974, 48489, 43219, 38561, 46009, 57208, 61435, 55601, 50209, 56416, 46411, 39820, 37978, 37039,
    33288, 23306, 11936, 11936,
])  # fmt: skip
DEATHS = np.array([17, 9, 4, 8, 20, 15, 24, 33, 50, 71, 100, 163, 263, 304, 536, 872, 1390, 1605, 1936, 1937])


@pytest.mark.parametrize(
    ("age", "value", "lower", "upper"),
    [
        (0, 80.16960813, 79.88336642, 80.45584984),
        (1, 79.36245674, 79.09060194, 79.63431154),
        (30, 50.92752727, 50.68361679, 51.17143776),
        (65, 18.76856852, 18.5769833, 18.96015373),
        (85, 6.163942934, 5.984345957, 6.343539911),
        (90, 6.16210635, 5.910935446, 6.413277255),
    ],
)
def test_the_worked_example(age, value, lower, upper):
    found = life_expectancy(DEATHS, PEOPLE, age)
    assert found.value == pytest.approx(value, abs=5e-9)
    # the example takes 1.96 standard errors, and so do we, but for the fifth place
    assert [found.value + sign * 1.96 * found.standard_error for sign in (-1, 1)] == pytest.approx(
        [lower, upper], abs=5e-9
    )
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-5)
    assert found.withheld_because == ""


def test_the_standard_error_is_that_of_deaths_drawn_again():
    rng = np.random.default_rng(3)
    for age in (0, 65):
        drawn = [life_expectancy(rng.poisson(DEATHS), PEOPLE, age).value for _ in range(3_000)]
        assert np.std(drawn) == pytest.approx(life_expectancy(DEATHS, PEOPLE, age).standard_error, rel=0.05)


def test_a_constant_rate_of_dying_gives_its_reciprocal():
    years = np.full(STARTS.size, 1e7)
    found = life_expectancy(years / 80, years)
    # deaths in the middle of a band instead of a little earlier: under a tenth of a year
    assert found.value == pytest.approx(80, abs=0.1)
    assert life_expectancy(years / 80, years, 90).value == pytest.approx(80)


def test_nobody_dying_in_a_band_adds_no_variance():
    deaths = DEATHS.copy()
    deaths[3] = 0
    assert 80.16 < life_expectancy(deaths, PEOPLE).value < 80.3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda deaths, years: (deaths, years * 4_999 / years.sum()), "too few"),
        (lambda deaths, years: (np.where(STARTS == 5, years + 1, deaths), years), "more deaths"),
        (lambda deaths, years: (np.where(STARTS == 90, 0, deaths), years), "90 and over"),
        (lambda deaths, years: (deaths, np.where(STARTS == 0, 0, years)), "no person-years"),
        (lambda deaths, years: (np.where(STARTS == 90, 1, 0), years), "too wide"),
    ],
)
def test_when_a_table_does_not_hold(change, told):
    found = life_expectancy(*change(DEATHS.astype(float), PEOPLE.astype(float)))
    assert told in found.withheld_because and np.isnan(found[:4]).all()


def test_five_thousand_person_years_are_enough():
    scale = 5_000 / PEOPLE.sum()
    # the interval of the example is ten times as wide there: 5.7 years
    assert life_expectancy(DEATHS * scale, np.ceil(PEOPLE * scale)).withheld_because == ""


@pytest.mark.parametrize("given", [(DEATHS[:-1], PEOPLE, 0), (DEATHS, PEOPLE[:-1], 0), (DEATHS, PEOPLE, 3)])
def test_what_is_no_life_table(given):
    with pytest.raises(ValueError, match="20 bands"):
        life_expectancy(*given)
