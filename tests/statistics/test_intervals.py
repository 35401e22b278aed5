"""Limits of counts and proportions, against published tables and scipy's own."""

import numpy as np
import pytest
from breakwater.statistics import poisson_limits
from breakwater.statistics.benchmark import against
from breakwater.statistics.wilson import wilson
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson


@pytest.mark.parametrize(
    ("events", "lower", "upper"),
    # Ulm 1990, American Journal of Epidemiology 131:373-375, and Garwood 1936: exact 95% limits
    [(0, 0.0, 3.69), (1, 0.03, 5.57), (2, 0.24, 7.22), (5, 1.62, 11.67), (7, 2.81, 14.42), (9, 4.12, 17.08),
     (10, 4.80, 18.39)],
)  # fmt: skip
def test_exact_limits_are_those_of_the_tables(events, lower, upper):
    assert poisson_limits.exact(events) == pytest.approx((lower, upper), abs=0.005)


@given(st.integers(1, 400), st.sampled_from([0.95, 0.998]))
def test_exact_limits_leave_the_tails_they_promise(events, confidence):
    lower, upper = poisson_limits.exact(events, confidence)
    tail = (1 - confidence) / 2
    assert poisson.sf(events - 1, lower) == pytest.approx(tail, rel=1e-6)
    assert poisson.cdf(events, upper) == pytest.approx(tail, rel=1e-6)


def test_byar_is_exact_below_ten_and_close_from_ten():
    for events in range(10):
        assert poisson_limits.byar(events) == poisson_limits.exact(events)
    for events in range(10, 500):
        assert poisson_limits.byar(events) == pytest.approx(poisson_limits.exact(events), abs=0.03)
        assert poisson_limits.byar(events) != poisson_limits.exact(events)


@pytest.mark.parametrize("limits", [poisson_limits.exact, poisson_limits.byar])
def test_a_negative_count_has_no_limits(limits):
    with pytest.raises(ValueError, match="negative"):
        limits(-1)


@pytest.mark.parametrize(
    ("events", "of", "lower", "upper"),
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_that_of_the_paper(events, of, lower, upper):
    assert wilson(events, of) == pytest.approx((lower, upper), abs=0.00005)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_is_that_of_scipy(pair):
    events, of = pair
    theirs = binomtest(events, of).proportion_ci(method="wilson")
    assert wilson(events, of) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(("events", "of"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_no_proportion_of_nothing(events, of):
    with pytest.raises(ValueError, match="group"):
        wilson(events, of)


@pytest.mark.parametrize(
    ("lower", "upper", "polarity", "told"),
    [
        (10, 12, "lower_is_better", "better"), (10, 12, "higher_is_better", "worse"), (10, 12, "neither", "lower"),
        (14, 16, "lower_is_better", "worse"), (14, 16, "higher_is_better", "better"), (14, 16, "neither", "higher"),
        (12, 13, "lower_is_better", "similar"), (13, 14, "neither", "similar"), (12, 14, "higher_is_better", "similar"),
    ],
)  # fmt: skip
def test_against_a_benchmark_of_thirteen(lower, upper, polarity, told):
    assert against(lower, upper, 13, polarity) == told


@pytest.mark.parametrize(
    "given", [(2, 1, 1, "neither"), (np.nan, 1, 1, "neither"), (0, 1, np.nan, "neither"), (0, 1, 1, "up")]
)
def test_what_cannot_be_compared(given):
    with pytest.raises(ValueError):
        against(*given)
