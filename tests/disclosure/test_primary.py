"""Sensitive measures, dominated figures, whole groups, and the other methods: each with its guard and without."""

from dataclasses import replace

import polars as pl
import pytest
from breakwater.disclosure.attack import attack
from breakwater.disclosure.policy import Policy

from tests.disclosure import tiny
from tests.disclosure.test_joint import LINES, needing_complementary, people, random_place
from tests.disclosure.test_traps import shares

APRIL = tiny.MONTHS[0]
CUTS = tiny.cuts(area=("ward",), sex=("all",))


def ward(decisions: pl.DataFrame, **cell) -> dict:
    where = {"area_code": "W1", "is_released": True} | cell
    return decisions.filter(*(pl.col(name) == value for name, value in where.items())).row(0, named=True)


@pytest.mark.parametrize(("sensitive", "decision"), [(False, "shown"), (True, "primary")])
def test_nobody_is_not_shown_of_a_sensitive_measure(sensitive, decision):
    frame = people({(APRIL, "S3", "P1", "65-69", "male", "a"): 90})
    found = ward(tiny.decided(frame, [replace(tiny.series(cuts=CUTS), sensitive=sensitive)]))
    assert found["decision"] == decision
    if sensitive:
        assert found["reason"] == "sensitive" and found["is_protected"]
        assert found["high"] - found["low"] + 1 >= tiny.POLICY.least_candidates


@pytest.mark.parametrize(
    ("contributor", "largest", "decision"),
    [("practice_code", 86, "primary"), ("practice_code", 85, "shown"), (None, 86, "shown")],
)
def test_a_figure_of_which_one_contributor_makes_up_too_much_is_withheld(
    monkeypatch, contributor, largest, decision
):
    frame = people(
        {(APRIL, "S1", "P1", "65-69", "male", "a"): 100, (APRIL, "S3", "P1", "65-69", "male", "a"): 100}
    )
    count = tiny.counted
    monkeypatch.setattr(
        tiny, "counted", lambda *given: count(*given).with_columns(largest=pl.lit(largest, dtype=pl.Int64))
    )
    found = ward(tiny.decided(frame, [replace(tiny.series(cuts=CUTS), contributor=contributor)]))
    assert found["decision"] == decision
    assert found["reason"] == ("dominated" if decision == "primary" else "")


@pytest.mark.parametrize(("at_home", "not_at_home", "empty"), [(12, 0, "not"), (0, 12, "home")])
def test_the_zero_behind_a_share_of_all_or_none_of_a_small_group_keeps_its_values(
    at_home, not_at_home, empty
):
    decisions, _ = shares(at_home, not_at_home)
    found = decisions.filter(
        (pl.col("area_code") == "W1") & (pl.col("category_set") == empty) & (pl.col("sex") == "all")
        & (pl.col("age_band") == "all") & (pl.col("period_type") == "year")
    ).row(0, named=True)  # fmt: skip
    assert found["counted"] == 0 and found["is_protected"]
    assert found["high"] - found["low"] + 1 >= tiny.POLICY.least_candidates


def test_a_withheld_cell_looks_the_same_whatever_the_reason():
    decisions, lines = needing_complementary()
    assert {"primary", "complementary"} <= set(decisions["decision"])
    with tiny.release(decisions, lines) as release:
        assert "reason" not in [row[0] for row in release.execute("describe cells").fetchall()]
        looks = "select distinct numerator, denominator, value is null, status from cells where status = 'c'"
        assert len(release.execute(looks).fetchall()) == 1


METHODS = [Policy(7, 1, 4, 20, method="suppression"), Policy(7, 6, 4, 20, method="midpoint")]


@pytest.mark.parametrize("policy", METHODS, ids=lambda policy: policy.method)
@pytest.mark.parametrize("seed", range(6))
def test_the_attack_finds_nothing_behind_the_other_methods_either(policy, seed):
    from random import Random

    chance = Random(seed)

    def draw(_strategy):
        return chance.choice((0, chance.randint(0, 9), chance.randint(0, 40)))

    decisions = tiny.decided(random_place(draw), LINES, policy=policy)
    with tiny.release(decisions, LINES, policy=policy) as release:
        assert attack(release, policy).leaks == 0
        assert attack(release, policy, tiny.knowledge(decisions)).leaks == 0


def test_every_withheld_cell_is_explained_and_no_other():
    decisions, _ = needing_complementary()
    released = decisions.filter("is_released")
    withheld = pl.col("decision").is_in(["primary", "complementary"])
    assert (released.filter(withheld)["explanation"] != "").all()
    assert (released.filter(~withheld)["explanation"] == "").all()
    said = released.filter(pl.col("decision") == "complementary")["explanation"]
    assert said.str.contains(r"with the cells shown, a in \w+.* could be narrowed to \d+ to \d+$").all()
