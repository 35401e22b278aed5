"""Slope and relative index, against what was published for Southend and against simulation."""

import numpy as np
import pytest
from breakwater.statistics.inequality import inequality

# Life expectancy at birth of Southend-on-Sea by local decile, most deprived first, with person-years and standard
# errors (OHID, data of PHEindicatormethods, OGL v3); the slope index was published for the same years.
MEN = np.array([
    (28305, 73.23271089, 0.848018393), (30049, 73.72982255, 0.725746815), (29257, 78.32915962, 0.868662626),
    (24580, 77.73448396, 0.994358833), (26337, 78.64972718, 0.790564791), (27294, 77.35851529, 0.858303288),
    (21414, 81.16562035, 0.951272701), (27391, 81.54908268, 0.721761488), (26266, 82.97967466, 0.695608011),
    (21855, 83.40087955, 1.051025534),
])  # fmt: skip
WOMEN = np.array([
    (29371, 79.18095645, 0.772904793), (29875, 79.06898019, 0.733351992), (30794, 80.94317629, 0.820893501),
    (25545, 81.56112372, 0.839065749), (27187, 82.0064614, 0.778158289), (28659, 83.10658986, 0.738836596),
    (22438, 84.80825098, 0.873080264), (29220, 85.38881345, 0.624732508), (27664, 85.76173597, 0.785719547),
    (22931, 88.25311714, 0.845252287),
])  # fmt: skip


@pytest.mark.parametrize(("table", "slope"), [(MEN, 11.05), (WOMEN, 9.65)], ids=["men", "women"])
def test_the_slope_published_for_southend(table, slope):
    people, values, errors = table.T
    found = inequality(values, people, errors)
    assert found.slope.value == pytest.approx(slope, abs=0.005)
    assert found.slope.lower < slope < found.slope.upper


@pytest.mark.parametrize("table", [MEN, WOMEN], ids=["men", "women"])
def test_the_intervals_are_those_of_values_drawn_again(table):
    people, values, errors = table.T
    rng = np.random.default_rng(8)
    drawn = [inequality(rng.normal(values, errors), people) for _ in range(4_000)]
    found = inequality(values, people, errors)
    for name in ("slope", "relative"):
        index = getattr(found, name)
        low, high = np.quantile([getattr(one, name).value for one in drawn], [0.025, 0.975])
        assert (index.lower, index.upper) == pytest.approx((low, high), rel=0.03)


def test_a_straight_line_is_found_whatever_the_groups_hold():
    """By hand: groups of 1, 2 and 1 people of 4 have their middles at 1/8, 1/2 and 7/8 of them."""
    found = inequality([10 + 8 / 8, 10 + 8 / 2, 10 + 8 * 7 / 8], [1, 2, 1])
    assert (found.slope.value, found.relative.value) == pytest.approx((8, 1.8))
    assert np.isnan([found.slope.lower, found.relative.upper]).all()


def test_no_difference_is_a_slope_of_nothing_and_a_ratio_of_one():
    found = inequality([5, 5, 5, 5, 5], [3, 9, 4, 1, 7], [1, 1, 1, 1, 1])
    assert (found.slope.value, found.relative.value) == pytest.approx((0, 1))
    assert found.slope.lower < 0 < found.slope.upper and found.relative.lower < 1 < found.relative.upper


def test_a_line_through_zero_has_no_ratio():
    found = inequality([-1, 0, 3], [1, 1, 1], [1, 1, 1])
    assert found.slope.value > 0 and np.isnan(found.relative).all()


@pytest.mark.parametrize("given", [([1, 2], [1, 1]), ([1, 2, 3], [1, 0, 1])])
def test_too_few_groups_and_groups_of_nobody(given):
    with pytest.raises(ValueError, match="three groups"):
        inequality(*given)
