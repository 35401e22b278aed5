"""Direct and indirect standardisation, against published examples and simulation."""

import csv

import numpy as np
import pytest
from breakwater.settings import PROJECT
from breakwater.statistics.direct import directly_standardised_rate
from breakwater.statistics.indirect import standardised_ratio
from breakwater.statistics.poisson_limits import byar

with (PROJECT / "seeds" / "standard_population.csv").open(newline="") as _file:
    STANDARD = np.array([float(row["european_standard_population_2013"]) for row in csv.DictReader(_file)])


def test_with_one_band_it_is_the_crude_rate_with_byars_limits():
    rate = directly_standardised_rate([40], [20_000], [5_000], per=1_000)
    assert rate == pytest.approx((2.0, *(limit / 20 for limit in byar(40))))


def test_an_area_with_the_ages_of_the_standard_has_its_crude_rate():
    events = np.linspace(5, 60, STANDARD.size).round()
    rate = directly_standardised_rate(events, STANDARD * 3, STANDARD)
    assert rate.value == pytest.approx(100_000 * events.sum() / (3 * STANDARD.sum()))
    assert (rate.lower, rate.upper) == pytest.approx(
        [100_000 * limit / (3 * STANDARD.sum()) for limit in byar(events.sum())]
    )


def test_ages_are_made_alike():
    """Two areas with the same rates by age and other ages have one standardised rate."""
    by_age = np.array([1, 4, 20]) / 1_000
    young, old = np.array([9_000, 4_000, 1_000]), np.array([2_000, 4_000, 8_000])
    weights = [3, 2, 1]
    assert directly_standardised_rate(by_age * young, young, weights).value == pytest.approx(
        directly_standardised_rate(by_age * old, old, weights).value
    )


def test_the_interval_holds_the_true_rate_as_often_as_it_says():
    rng = np.random.default_rng(11)
    population, rates, weights = (
        np.array([8_000, 5_000, 900]),
        np.array([1, 3, 20]) / 1_000,
        np.array([5, 3, 1]),
    )
    true = 100_000 * (weights * rates).sum() / weights.sum()
    drawn = [
        directly_standardised_rate(rng.poisson(rates * population), population, weights) for _ in range(4_000)
    ]
    covered = np.mean([rate.lower <= true <= rate.upper for rate in drawn])
    assert covered == pytest.approx(0.95, abs=0.012)


def test_under_ten_events_there_is_no_rate():
    assert np.isnan(directly_standardised_rate([4, 5], [1_000, 1_000], [1, 1])).all()
    assert not np.isnan(directly_standardised_rate([5, 5], [1_000, 1_000], [1, 1])).any()


def test_a_band_with_a_weight_and_nobody_in_it():
    with pytest.raises(ValueError, match="no population"):
        directly_standardised_rate([20, 0], [1_000, 0], [1, 1])
    assert directly_standardised_rate([20, 0], [1_000, 1], [1, 0]).value == 2_000


def test_indirect_is_what_happened_over_what_was_expected():
    """12 of 8 expected; limits of 12 events are 6.2 and 20.96 (Garwood)."""
    ratio = standardised_ratio(12, [1_000, 200], [0.005, 0.015])
    assert ratio.expected == pytest.approx(8)
    assert ratio[1:] == pytest.approx((1.5, 6.2 / 8, 20.96 / 8), abs=0.01)


def test_indirect_of_few_events_is_exact_and_of_the_standard_is_one():
    assert standardised_ratio(0, [100], [0.05])[1:] == pytest.approx((0, 0, 3.6889 / 5), abs=1e-4)
    assert standardised_ratio(30, [100, 100], [0.1, 0.2]).value == pytest.approx(1)
    assert np.isnan(standardised_ratio(3, [0, 0], [0.1, 0.2])[1:]).all()
