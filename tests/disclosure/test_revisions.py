"""Two releases are one system: late records, what was withheld before, and cuts that are no longer released."""

import shutil

import numpy as np
import polars as pl
import pytest
from breakwater.disclosure import earlier
from breakwater.disclosure.attack import attack
from breakwater.errors import Refusal

from tests.disclosure import tiny
from tests.disclosure.test_joint import people

APRIL = tiny.MONTHS[0]
LINES = [tiny.series(cuts=tiny.cuts(area=("ward",), sex=("all",)))]


def place(first_ward: int, second_ward: int = 90) -> pl.DataFrame:
    return people(
        {
            (APRIL, "S1", "P1", "65-69", "female", "a"): first_ward,
            (APRIL, "S3", "P1", "65-69", "male", "a"): second_ward,
        }
    )


def publish(folder, name: str, frame: pl.DataFrame, lines=LINES) -> pl.DataFrame:
    """Decide with all releases in the folder as public, release, and return the decisions."""
    decisions = tiny.decided(frame, lines, said=earlier.read(folder))
    tiny.save(tiny.release(decisions, lines), folder, name)
    return decisions


def ward(decisions: pl.DataFrame, code: str = "W1") -> dict:
    return decisions.filter((pl.col("area_code") == code) & pl.col("is_released")).row(0, named=True)


def shown(folder) -> int | None:
    """What the releases in the folder say of the first ward, in the latest of them that shows it."""
    return earlier.read(folder).filter(pl.col("area_code") == "W1")["said"].item()


def test_a_late_family_does_not_change_the_figure_and_it_says_so(tmp_path):
    assert ward(publish(tmp_path, "1", place(40)))["decision"] == "shown"
    family_of_five = publish(tmp_path, "2", place(45))
    assert ward(family_of_five)["decision"] == "kept"
    with tiny.release(family_of_five, LINES) as release:
        row = release.execute("select numerator, status from cells where area_code = 'W1'").fetchone()
    assert row == (40, "p") and shown(tmp_path) == 40
    # and without the first release it is a figure like any other
    assert ward(tiny.decided(place(45), LINES))["decision"] == "shown"


@pytest.mark.parametrize(
    ("now", "decision"),
    [(41, "shown"), (43, "kept"), (49, "kept"), (50, "shown"), (31, "kept"), (29, "shown")],
)
def test_a_revision_is_shown_once_more_than_seven_people_must_be_behind_it(tmp_path, now, decision):
    publish(tmp_path, "1", place(40))
    found = ward(publish(tmp_path, "2", place(now)))
    assert found["decision"] == decision
    assert found["low"] <= now <= found["high"]
    # the count then lay within two of 40: a change that is shown rests on more than seven
    if decision == "shown" and now != 41:
        assert min(abs(now - then) for then in range(38, 43)) > tiny.POLICY.threshold


def test_small_revisions_that_add_up_are_shown_in_the_end(tmp_path):
    publish(tmp_path, "1", place(40))
    said = [ward(publish(tmp_path, str(n), place(40 + 4 * (n - 1))))["decision"] for n in (2, 3, 4)]
    assert said == ["kept", "kept", "shown"] and shown(tmp_path) == 50


def test_nobody_becomes_a_few_without_a_word(tmp_path):
    publish(tmp_path, "1", place(0))
    found = ward(publish(tmp_path, "2", place(3)))
    assert found["decision"] == "kept" and found["kept_count"] == 0
    assert found["high"] - found["low"] + 1 >= tiny.POLICY.least_candidates


def test_what_was_withheld_stays_so_for_as_long_as_that_release_is_public(tmp_path):
    assert ward(publish(tmp_path, "1", place(5)))["decision"] == "primary"
    found = ward(publish(tmp_path, "2", place(40)))
    assert (found["decision"], found["reason"]) == ("primary", "earlier")
    for name in ("1", "2"):
        shutil.rmtree(tmp_path / name)
    assert ward(publish(tmp_path, "3", place(40)))["decision"] == "shown"


def test_a_cut_that_is_released_no_more_is_still_known(tmp_path):
    """The ward of two small areas was shown; now only small areas are. To show one would give the other away."""
    frame = people(
        {
            (APRIL, "S1", "P1", "65-69", "female", "a"): 20,
            (APRIL, "S2", "P1", "65-69", "female", "a"): 2,
            (APRIL, "S3", "P1", "65-69", "male", "a"): 60,
        }
    )
    publish(tmp_path, "1", frame)
    now = [tiny.series(cuts=tiny.cuts(area=("small_area",), sex=("all",)))]
    alone = tiny.decided(frame, now)
    after = tiny.decided(frame, now, said=earlier.read(tmp_path))
    small = {"area_code": "S2", "sex": "all", "period_type": "year", "age_band": "all", "category_set": "a"}

    def width(decisions):
        cell = decisions.filter(*(pl.col(name) == value for name, value in small.items())).row(0, named=True)
        return cell["high"] - cell["low"] + 1

    assert width(alone) > width(after) >= tiny.POLICY.least_candidates
    assert not after.filter((pl.col("area_level") == "ward") & pl.col("is_released")).height


def test_a_cut_that_does_not_follow_from_those_of_today_stays_in_the_system(tmp_path):
    """Small areas add up to wards, so wards are there anyway; practices are there only because they were released."""
    frame = place(40)
    publish(tmp_path, "1", frame, [tiny.series(cuts=tiny.cuts(area=("practice",), sex=("all",)))])
    now = [tiny.series(cuts=tiny.cuts(area=("small_area",), sex=("all",)))]
    practices = pl.col("area_level") == "practice"
    assert not tiny.decided(frame, now).filter(practices).height
    after = tiny.decided(frame, now, said=earlier.read(tmp_path)).filter(practices)
    assert after.height and not after["is_released"].any()


def test_a_release_that_cannot_be_read_stops_the_build(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "release.duckdb").write_bytes(b"not a database")
    with pytest.raises(Refusal, match="release 1 cannot be read"):
        earlier.read(tmp_path)


def test_a_count_that_has_become_small_is_kept_wide_by_leaving_unsaid_what_was_shown_around_it(tmp_path):
    """Nine spells of eight people were shown beside thirteen; then one of the eight leaves.

    Said again of today, the other band and the total would leave the withheld count 8 and 9.
    """
    lines = [tiny.series(cuts=tiny.cuts(area=("ward",), age=("all", "five_year"), sex=("all",)))]
    bands = ["75-79", "80-84"]

    def rows(few: int) -> pl.DataFrame:
        twice = [(0, APRIL, "S1", "P1", "75-79", "female", "a")] * 2
        once = [(number, APRIL, "S1", "P1", "75-79", "female", "a") for number in range(1, few)]
        older = [(100 + number, APRIL, "S1", "P1", "80-84", "female", "a") for number in range(13)]
        return tiny.units(twice + once + older)

    before = tiny.decided(rows(8), lines, age_bands=bands)
    tiny.save(tiny.release(before, lines), tmp_path, "1")
    assert set(before.filter(pl.col("is_released"), pl.col("area_code") == "W1")["decision"]) == {"shown"}
    after = tiny.decided(rows(7), lines, said=earlier.read(tmp_path), age_bands=bands)
    small = after.filter(pl.col("is_released"), pl.col("area_code") == "W1", pl.col("age_band") == "75-79")
    assert small["decision"].item() == "primary" and small["is_protected"].item()
    assert (small["high"] - small["low"]).item() + 1 >= tiny.POLICY.least_candidates
    with tiny.release(after, lines) as release:
        assert attack(release, tiny.POLICY, tiny.knowledge(after)).leaks == 0


@pytest.mark.parametrize("seed", range(20))
def test_bounds_hold_the_truth_and_small_counts_stay_wide_over_random_revisions(tmp_path, seed):
    rng = np.random.default_rng(seed)
    lines = [tiny.series(cuts=tiny.cuts(area=("ward", "small_area"), age=("all", "broad")))]
    keys = [
        (APRIL, area, "P1", age, sex, "a")
        for area in ("S1", "S2", "S3", "S4")
        for age in ("65-69", "75-79")
        for sex in ("female", "male")
    ]
    counts = {key: int(rng.integers(0, 30)) for key in keys}
    publish(tmp_path, "1", people(counts), lines)
    for name in ("2", "3"):
        counts = {key: max(0, count + int(rng.integers(-3, 6))) for key, count in counts.items()}
        decisions = publish(tmp_path, name, people(counts), lines)
        truth = decisions.filter(pl.col("counted").is_not_null())
        assert truth.filter(~pl.col("counted").is_between(pl.col("low"), pl.col("high"))).is_empty()
        first = earlier.read(tmp_path)
        assert first.height > 0
