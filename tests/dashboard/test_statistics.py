"""XmR, funnel and slope of the pages against figures by hand and against the statistics of the pipeline."""

import pytest
from breakwater.statistics import control_chart
from breakwater.statistics import funnel as exact
from breakwater.statistics.inequality import inequality
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboards.statistics import funnel, slope, xmr

FLAT = [10.0, 12.0] * 7


def test_limits_by_hand():
    # Every moving range is 2, so the limits lie 5.32 from the average of 11.
    assert xmr.limits(FLAT) == xmr.Limits(11.0, pytest.approx(5.68), pytest.approx(16.32))
    assert xmr.limits(FLAT[:12]) is None
    assert xmr.limits([None, *FLAT[:12], None]) is None


def test_a_leap_is_left_out_of_the_moving_range_once():
    values = [10.0, 12.0] * 10 + [60.0]
    ranges = [2.0] * 19 + [50.0]
    assert 3.267 * sum(ranges) / len(ranges) <= 50
    found = xmr.limits(values)
    assert found.upper - found.centre == pytest.approx(2.66 * 2)
    assert xmr.signals(values, found)[-1] == {"outside"}


def test_no_range_is_taken_across_a_gap():
    values = [10.0, 12.0] * 7 + [None, 30.0, 32.0]
    assert xmr.limits(values).upper - xmr.limits(values).centre == pytest.approx(2.66 * 2)


def told(values, rule, found=None):
    found = found or xmr.Limits(0.0, -9.0, 9.0)
    return [n for n, rules in enumerate(xmr.signals(values, found)) if rule in rules]


def test_each_rule_at_its_edge():
    assert told([1.0] * 6 + [-1.0], "shift") == []
    assert told([-1.0] + [1.0] * 7, "shift") == [1, 2, 3, 4, 5, 6, 7]
    assert told([1.0] * 3 + [None] + [1.0] * 4, "shift") == []
    assert told([-3.0, -2, -1, 0, 1, 2], "trend") == []
    assert told([-3.0, -2, -1, 0, 1, 2, 3], "trend") == list(range(7))
    assert told([3.0, 2, 1, 0, 0, -2, -3], "trend") == []
    assert told([6.1, 1.0, 6.1], "near") == [0, 2]
    assert told([5.9, 1.0, 6.1], "near") == []
    assert told([6.1, -1.0, 6.1, 1.0, 1.0, 9.1], "near") == [0, 2]
    assert told([6.1, -6.1, 1.0], "near") == []
    assert told([9.1, 0.0, -9.1, 9.0], "outside") == [0, 2]


@given(st.lists(st.integers(-12, 12), min_size=13, max_size=30))
def test_the_same_points_stand_out_as_in_the_statistics_of_the_pipeline(values):
    other = control_chart.chart(values)
    values = [float(value) for value in values]
    found = xmr.limits(values)
    assert (found.centre, found.lower, found.upper) == pytest.approx(other.limits, abs=1e-9)
    # At a limit or on the average, rounding decides; such points are left to `told` above.
    on_edge = (found.centre, found.lower, found.upper, found.centre - found.third, found.centre + found.third)
    assume(not any(abs(value - edge) < 1e-6 for value in values for edge in on_edge))
    assert xmr.signals(values, found) == [frozenset(rules) for rules in other.signals]


def test_a_point_is_judged_by_direction():
    found = xmr.Limits(0.0, -1.0, 1.0)
    outside = frozenset({"outside"})
    assert xmr.kind(2.0, frozenset(), found, "lower_is_better") == "common"
    assert xmr.kind(2.0, outside, found, "lower_is_better") == "concern"
    assert xmr.kind(-2.0, outside, found, "lower_is_better") == "improvement"
    assert xmr.kind(2.0, outside, found, "higher_is_better") == "improvement"
    assert xmr.kind(2.0, outside, found, "neither") == "neither"


@given(st.floats(0.02, 0.98), st.integers(200, 20_000))
def test_funnel_limits_of_proportions_lie_within_half_a_case_of_the_exact_ones(average, size):
    for deviate, level in zip((funnel.INNER, funnel.OUTER), exact.LEVELS, strict=True):
        limits = funnel.proportion_limits(average, size, deviate)
        assert limits == pytest.approx(exact.of_proportion(average, size, level), abs=0.5 / size)


@given(st.floats(4, 5000))
def test_funnel_limits_of_rates_lie_within_half_a_case_of_the_exact_ones(expected):
    for deviate, level in zip((funnel.INNER, funnel.OUTER), exact.LEVELS, strict=True):
        limits = [1000 * limit for limit in funnel.rate_limits(expected / 1000, 1000, deviate)]
        assert limits == pytest.approx([expected * r for r in exact.of_ratio(expected, level)], abs=0.5)


def test_an_area_is_placed_by_the_limits_it_is_beyond():
    def at(value):
        return funnel.place(value, 0.1, 400, proportion=True)

    low, high = funnel.proportion_limits(0.1, 400, funnel.INNER)
    least, most = funnel.proportion_limits(0.1, 400, funnel.OUTER)
    assert [at(least - 1e-9), at(least), at(low), at(0.1), at(high), at(high + 1e-9), at(most + 1e-9)] == [
        "low", "lower", "usual", "usual", "usual", "higher", "high"]  # fmt: skip
    assert funnel.rate_limits(0.0, 100, funnel.INNER)[0] == 0


def test_slope_of_a_straight_line_is_the_line():
    assert slope.slope_index([90.0, 70, 50, 30, 10], [1.0] * 5) == pytest.approx((100, 0))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 9)), min_size=3, max_size=10))
def test_slope_is_the_index_of_the_pipeline(groups):
    values, sizes = zip(*groups, strict=True)
    most, least = slope.slope_index(list(values), list(sizes))
    assert least - most == pytest.approx(inequality(values, sizes).slope.value, abs=1e-6)


@pytest.mark.parametrize(("values", "sizes"), [([1.0], [1.0]), ([1.0, 2.0], [1.0, 0.0]), ([1.0], [1.0, 2.0])])
def test_no_slope_without_groups(values, sizes):
    with pytest.raises(ValueError):
        slope.slope_index(values, sizes)
