"""Exact bounds at the gate, and the way back to the protector: tables in which propagation is blind."""

import numpy as np
from breakwater import checks
from breakwater.disclosure.attack import attack, settle, sharpen

from tests.disclosure import tiny
from tests.disclosure.small_systems import every_solution, random_system
from tests.disclosure.test_joint import people

AGES = ("65-69", "75-79", "85-89")
PLACE = tiny.Place(small_areas={"S1": "W1", "S2": "W2", "S3": "W3"})
LINES = [tiny.series(cuts=tiny.cuts(area=("small_area", "place"), age=("all", "five_year"), sex=("all",)))]
# By area and age: no sum by itself narrows one of these too far, once the cells that propagation asks for are withheld;
# rows less columns do.
BLIND = [(7, 13, 12), (7, 3, 0), (0, 4, 7)]


def decided(table, exact: bool):
    counts = {
        (tiny.MONTHS[0], area, "P1", age, "female", "a"): n
        for area, row in zip(PLACE.small_areas, table, strict=True)
        for age, n in zip(AGES, row, strict=True)
    }
    return tiny.decided(people(counts), LINES, PLACE, exact=exact, age_bands=list(AGES))


def found(decisions):
    """What propagation finds in the worst case, what exact bounds find, and whether the gate lets it out."""
    worst = tiny.knowledge(decisions)
    with tiny.release(decisions, LINES, PLACE) as release:
        blind = attack(release, tiny.POLICY, worst)
        return blind, sharpen(blind, tiny.POLICY, knows=True), checks._attacked(release, tiny.POLICY, worst)


def test_what_propagation_leaves_open_goes_back_to_the_protector_until_exact_bounds_find_nothing():
    draft = decided(BLIND, exact=False)
    blind, sharp, gate = found(draft)
    assert blind.leaks == 0 < sharp.leaks, "the table is no example of what only exact bounds see"
    assert not gate[0]
    final = decided(BLIND, exact=True)
    _, sharp, gate = found(final)
    assert sharp.leaks == 0 and gate[0]
    assert sharp.settled == sharp.attacked
    further = (final["decision"] == "complementary") & (draft["decision"] == "shown")
    assert further.any()
    # governance can read why, and the loop takes the same way each time
    assert final.filter(further)["explanation"].str.contains("could be narrowed to").all()
    assert final.equals(decided(BLIND, exact=True))


def test_settled_counts_are_those_of_all_solutions():
    """Two-way tables, in which exact bounds are those of whole numbers: each verdict against enumeration."""
    rng, wide, narrow = np.random.default_rng(1), 0, 0
    for _ in range(40):
        system, true = random_system(rng, (3, 3), most=2)
        solutions = every_solution(system, (3, 3), most=2)
        values = solutions.max(axis=0) - solutions.min(axis=0) + 1
        targets = np.arange(len(true))
        result = settle.settle(system, true, targets, enough=3)
        assert set(result.wide) | set(result.narrow) == set(targets)
        assert set(result.wide) == set(targets[values >= 3])
        for cell, bounds in result.narrow.items():
            assert (bounds.low, bounds.high) == (solutions[:, cell].min(), solutions[:, cell].max())
        wide, narrow = wide + len(result.wide), narrow + len(result.narrow)
    assert min(wide, narrow) > 50


def test_unknown_sex_is_not_known_to_be_nowhere_by_whoever_is_after_it_but_by_all_others():
    keys = {(tiny.MONTHS[0], area, "P1", age, sex, "a"): 30 for area in PLACE.small_areas for age in AGES
            for sex in ("female", "male")}  # fmt: skip
    keys[tiny.MONTHS[0], "S1", "P1", "65-69", "not known", "a"] = 2
    lines = [tiny.series(cuts=tiny.cuts(area=("small_area", "place"), age=("all", "five_year")))]
    decisions = tiny.decided(people(keys), lines, PLACE, age_bands=list(AGES), exact=True)
    with tiny.release(decisions, lines, PLACE) as release:
        blind = attack(release, tiny.POLICY, tiny.knowledge(decisions))
        sharp = sharpen(blind, tiny.POLICY, knows=True)
    cells = blind.cells
    empty = cells.filter(sex="not known", counted=0)
    assert empty.height and (empty["high"] == 0).all()
    assert sharp.leaks == 0 and sharp.settled == sharp.attacked > 0
