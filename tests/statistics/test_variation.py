"""Control charts, funnels and trends, against published examples, scipy and counting by hand."""

import numpy as np
import pytest
from breakwater.statistics import control_chart, funnel
from breakwater.statistics.trend import trend
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: ten flow rates and their limits.
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
QUIET = [0, 1] * 10


def test_limits_of_the_handbook():
    """It divides by d2 = 1.128 to three places; 2.66 is three over it."""
    found = control_chart.limits(NIST)
    assert found == pytest.approx((50.81, 45.8159, 55.8041), abs=0.002)


def test_one_jump_does_not_widen_the_limits():
    calm = np.array(QUIET, float)
    jump = np.append(calm, [30, 30])
    usual = control_chart.limits(jump)
    assert usual.upper - usual.mean == pytest.approx(2.66 * 1, rel=0.06)


def test_a_series_without_change_has_no_signal():
    assert control_chart.limits([5, 5, 5]) == (5, 5, 5)
    assert control_chart.chart([5] * 13).signals == ((),) * 13


def marked(values, rule):
    return [i for i, rules in enumerate(control_chart.chart(values).signals) if rule in rules]


def test_the_four_rules():
    outside = QUIET[:]
    outside[6] = 9
    assert marked(outside, "outside") == [6]
    assert marked(QUIET, "outside") == marked(QUIET, "shift") == marked(QUIET, "trend") == []


@pytest.mark.parametrize(("length", "found"), [(6, []), (7, list(range(8, 15))), (8, list(range(8, 16)))])
def test_seven_on_one_side_are_a_shift(length, found):
    values = [10, 12, 8, 10] + [12, 8] * 2 + [10.5] * length + [8, 10] + [8, 12] * 2
    mean = control_chart.limits(values).mean
    assert 9.8 < mean < 10.4
    assert marked(values, "shift") == found
    assert marked([20 - value for value in values], "shift") == found


@pytest.mark.parametrize(("steps", "found"), [(5, []), (6, list(range(8, 15)))])
def test_seven_that_rise_are_a_trend(steps, found):
    values = [5, 5.5] * 4 + [5 + 0.1 * step for step in range(steps + 1)] + [5.2] * 5
    assert marked(values, "trend") == found
    assert marked([-value for value in values], "trend") == found


@pytest.mark.parametrize(("near", "found"), [((3, 5), [3, 5]), ((3, 6), []), ((3, 4), [3, 4]), ((19,), [])])
def test_two_of_three_near_one_limit(near, found):
    """Points of 6 in a series that goes up and down between 1 and -1; the limits are about 8."""
    values = np.array([1.0, -1.0] * 10)
    for i in near:
        values[i] = 6
    usual = control_chart.limits(values)
    assert (usual.upper - usual.mean) * 2 / 3 < 6 - usual.mean < usual.upper - usual.mean
    assert marked(values, "near") == found
    assert marked(-values, "near") == found
    # one near each limit is no signal
    values[near[0]] *= -1
    assert marked(values, "near") == []


def test_too_few_points():
    with pytest.raises(ValueError, match="13"):
        control_chart.chart(range(12))
    with pytest.raises(ValueError, match="two points"):
        control_chart.limits([1])


@given(st.floats(0.02, 0.98), st.integers(5, 400), st.sampled_from(funnel.LEVELS))
@settings(max_examples=50)
def test_funnel_limits_of_shares_lie_within_a_case_of_the_exact_ones(target, group, level):
    lower, upper = funnel.of_proportion(target, group, level)
    exact = binom.ppf([(1 - level) / 2, (1 + level) / 2], group, target) / group
    assert 0 <= lower <= target <= upper <= 1
    assert lower == pytest.approx(exact[0], abs=1 / group) and upper == pytest.approx(exact[1], abs=1 / group)


def test_funnel_limits_are_normal_in_large_groups():
    """Share 0.2 of 100,000 people: 1.96 and 3.09 standard errors."""
    error = np.sqrt(0.2 * 0.8 / 100_000)
    for level, z in zip(funnel.LEVELS, (1.959964, 3.090232), strict=True):
        assert funnel.of_proportion(0.2, 100_000, level) == pytest.approx(
            (0.2 - z * error, 0.2 + z * error), abs=1e-5
        )


@pytest.mark.parametrize("expected", [3, 20, 400])
def test_funnel_limits_of_ratios_leave_the_tails(expected):
    for level in funnel.LEVELS:
        lower, upper = (limit * expected for limit in funnel.of_ratio(expected, level))
        assert abs(lower - poisson.ppf((1 - level) / 2, expected)) <= 1
        assert abs(upper - poisson.ppf((1 + level) / 2, expected)) <= 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: funnel.of_proportion(0, 5, 0.95),
        lambda: funnel.of_proportion(0.5, 0, 0.95),
        lambda: funnel.of_ratio(0, 0.95),
    ],
)
def test_no_funnel_without_a_target_or_a_group(call):
    with pytest.raises(ValueError, match="funnel"):
        call()


@given(
    st.lists(
        st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))),
        min_size=3,
        max_size=8,
    )
)
def test_trend_is_the_correlation_of_each_person_with_time(pairs):
    """Armitage's statistic is N times the squared correlation over the single people, an identity counted out here."""
    events, of = (np.array(column) for column in zip(*pairs, strict=True))
    person = np.concatenate([np.repeat([1, 0], [x, n - x]) for x, n in pairs])
    when = np.repeat(np.arange(len(pairs)), of)
    expected = person.size * np.corrcoef(person, when)[0, 1] ** 2 if 0 < person.sum() < person.size else 0
    assert trend(events, of).statistic == pytest.approx(expected, abs=1e-7)


def test_which_way():
    assert trend([100, 150, 200, 250], [1000] * 4).direction == "rising"
    assert trend([250, 200, 150, 100], [1000] * 4).direction == "falling"
    assert trend([200, 205, 195, 200], [1000] * 4).direction == "none"


@pytest.mark.parametrize("given", [([1, 2], [5, 5]), ([1, 2, 6], [5, 5, 5]), ([1, 2, 0], [5, 5, 0])])
def test_what_has_no_trend(given):
    with pytest.raises(ValueError, match="three periods"):
        trend(*given)
