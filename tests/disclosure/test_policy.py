"""A policy that is impossible or weaker than the floor is refused, in one sentence that names the setting."""

import numpy as np
import pytest
import yaml
from breakwater import settings
from breakwater.disclosure import policy
from breakwater.errors import Refusal

GOOD = {
    "threshold": 7, "rounding": 5, "least_candidates": 4, "small_group": 20, "dominance_share": 85,
    "method": "nhs_rounding",
}  # fmt: skip


def project(tmp_path, **changes):
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump({"vars": {"disclosure": GOOD | changes}}))
    return tmp_path


def test_the_projects_own_policy_holds():
    assert policy.load(settings.PROJECT).threshold >= 7


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("threshold", 6),
        ("threshold", "7"),
        ("rounding", 3),
        ("rounding", 6),
        ("rounding", 9),
        ("least_candidates", 3),
        ("least_candidates", 8),
        ("small_group", 0),
        ("threshold", True),
        ("dominance_share", 91),
        ("dominance_share", 10),
        ("method", "none"),
        ("method", "suppression"),  # needs rounding 1
        ("method", "midpoint"),  # needs an even rounding
    ],
)
def test_weaker_or_impossible_is_refused(tmp_path, setting, value):
    with pytest.raises(Refusal, match="dbt_project.yml: vars.disclosure"):
        policy.load(project(tmp_path, **{setting: value}))


def test_stricter_is_allowed(tmp_path):
    assert policy.load(project(tmp_path, threshold=10, rounding=11)).half_width == 5


METHODS = [("nhs_rounding", 5), ("suppression", 1), ("midpoint", 6), ("midpoint", 8)]


@pytest.mark.parametrize(("method", "rounding"), METHODS)
def test_what_is_shown_lies_in_the_interval_that_it_stands_for(method, rounding):
    rules = policy.validated(GOOD | {"method": method, "rounding": rounding})
    counted = np.arange(200)
    low, high = rules.interval(rules.published(counted))
    shown = (counted == 0) | (counted > rules.threshold) | (not rules.withholds_small)
    assert ((low <= counted) & (counted <= high))[shown].all()
    for number in np.unique(rules.published(counted[shown])):
        at = np.flatnonzero(rules.published(counted[shown]) == number)
        ends = rules.interval(np.array([number]))
        if counted[shown][at].max() < 199 - rounding:
            assert (counted[shown][at].min(), counted[shown][at].max()) == tuple(int(end[0]) for end in ends)


@pytest.mark.parametrize(("method", "rounding"), METHODS)
def test_the_rules_are_stated_in_words_with_their_numbers(method, rounding):
    words = " ".join(policy.validated(GOOD | {"method": method, "rounding": rounding}).in_words())
    assert "1 to 7 people" in words and "20 people" in words and "85%" in words and "4 values" in words
    assert method == "suppression" or f"nearest {rounding}," in words or f"band of {rounding}:" in words


def test_a_setting_too_many_is_refused(tmp_path):
    with pytest.raises(Refusal, match="exactly"):
        policy.load(project(tmp_path, allow_small=1))
