"""The attacker against brute force: every solution of small systems is listed, and it is held against them."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from breakwater.disclosure.attack import coarser, exact, propagate, sums
from breakwater.disclosure.attack.linear import LinearSystem, Rows
from breakwater.disclosure.attack.published import FAR, KEY, with_knowledge
from breakwater.disclosure.attack.walk import _Walker, visits_only_what_agrees, walk

from tests.disclosure.small_systems import every_solution, random_system
from tests.disclosure.tiny import POLICY

FLAT = (2, 2)


def systems(count: int, shape: tuple[int, ...] = FLAT, seed: int = 1, most: int = 6):
    """Random systems with their true counts and all their solutions."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        system, true = random_system(rng, shape, most)
        yield system, true, every_solution(system, shape, most)


def test_propagation_never_claims_more_than_is_true():
    narrowed = 0
    for system, true, solutions in systems(2000):
        low, high = propagate.tighten(system)
        assert (solutions >= low).all() and (solutions <= high).all()
        assert (true >= low).all() and (true <= high).all()
        narrowed += ((low > system.low) | (high < system.high)).sum()
    assert narrowed > 2000, "the systems are too loose to test anything"


def test_exact_bounds_are_those_of_all_solutions():
    sharper = 0
    for system, _, solutions in systems(60, (3, 3), most=2):
        low, high = propagate.tighten(system)
        cells = np.arange(len(low))
        found = exact.bounds(system, cells, enough=0)
        for cell in cells:
            assert (found[cell].low, found[cell].high) == (solutions[:, cell].min(), solutions[:, cell].max())
            sharper += found[cell].low > low[cell] or found[cell].high < high[cell]
    assert sharper > 0, "propagation did all the work, so exact bounds were not tested"


def test_exact_bounds_hold_all_solutions_where_whole_numbers_are_fewer_than_fractions():
    rng = np.random.default_rng(7)
    for _ in range(30):
        system, true = random_system(rng, (2, 2, 2))
        found = exact.bounds(system, np.arange(len(true)), enough=0)
        assert all(found[c].low <= true[c] <= found[c].high for c in range(len(true)))


def test_bounds_over_a_small_region_are_wider_but_true(monkeypatch):
    monkeypatch.setattr(exact, "SIZES", (3,))
    wider = 0
    for system, _, solutions in systems(40, (2, 3), seed=8, most=4):
        found = exact.bounds(system, np.arange(len(system.low)), enough=0)
        for cell in range(len(system.low)):
            least, greatest = solutions[:, cell].min(), solutions[:, cell].max()
            assert found[cell].low <= least and greatest <= found[cell].high
            wider += (found[cell].low, found[cell].high) != (least, greatest)
    assert wider > 20, "the regions are too large to test anything"


def test_what_pins_a_cell_is_named_and_nothing_else_is_needed():
    """Loosen everything but the cells that the dual names: the bounds stay."""
    tested = 0
    for system, _, _ in systems(100, seed=3):
        cell = len(system.low) - 1
        found = exact.bounds(system, np.array([cell]), enough=0)[cell]
        low, high = np.zeros(len(system.low)), np.full(len(system.low), 1e6)
        low[found.pinned_by], high[found.pinned_by] = (
            system.low[found.pinned_by],
            system.high[found.pinned_by],
        )
        loosened = LinearSystem(low, high, system.row, system.cell, system.weight, system.least, system.most)
        again = exact.bounds(loosened, np.array([cell]), enough=0)[cell]
        assert (again.low, again.high) == (found.low, found.high)
        tested += len(found.pinned_by) < len(system.low)
    assert tested > 50


@pytest.mark.parametrize("shape", [FLAT, (2, 3)])
def test_every_table_the_walk_visits_is_a_solution(shape):
    visited = 0
    for system, true, solutions in systems(100 if shape == FLAT else 20, shape, most=4):
        known = {tuple(table) for table in solutions}
        found = walk(system, true, np.arange(len(true)), wanted=4)
        table = found.start.copy()
        for cells, values in found.steps:
            table[cells] = values
            assert tuple(table) in known
            visited += 1
        for cell in range(len(true)):
            assert found.values[cell] <= set(solutions[:, cell])
            assert found.least[cell] == min(found.values[cell])
            assert found.greatest[cell] == max(found.values[cell])
    assert visited > 100


def test_the_walk_finds_nearly_all_values_there_are():
    wanted = reached = 0
    for system, true, solutions in systems(100, seed=5):
        found = walk(system, true, np.arange(len(true)), wanted=4)
        for cell in range(len(true)):
            wanted += min(4, len(np.unique(solutions[:, cell])))
            reached += min(4, found.taken(cell))
    assert reached > 0.97 * wanted


def test_the_walk_refuses_to_start_from_what_was_not_published():
    system, true = random_system(np.random.default_rng(1), FLAT)
    wrong = true.copy()
    wrong[0] += 1
    with pytest.raises(ValueError, match="do not agree"):
        walk(system, wrong, np.array([1]), wanted=4)


def test_a_walk_is_the_same_for_the_same_seed():
    system, true = random_system(np.random.default_rng(2), (2, 3))
    one, other = (walk(system, true, np.arange(len(true)), wanted=4, seed=9) for _ in range(2))
    assert len(one.steps) == len(other.steps) > 0
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(one.steps, other.steps, strict=True))


def parts_and_whole() -> LinearSystem:
    """Two parts of 0 to 5 and their whole of 0 to 8."""
    entries = np.zeros(3, int), np.arange(3), np.array([1.0, 1.0, -1.0])
    return LinearSystem(np.zeros(3), np.array([5.0, 5.0, 8.0]), *entries, np.zeros(1), np.zeros(1))


@pytest.mark.parametrize(
    ("values", "agrees"),
    [((3, 4, 7), True), ((3, 4, 8), False), ((6, 1, 7), False), ((-1, 4, 3), False), ((5, 5, 10), False)],
)
def test_a_table_agrees_only_within_every_bound_and_every_sum(values, agrees):
    assert parts_and_whole().agrees(np.array(values)) == agrees


@pytest.mark.parametrize("wrong", [(3, 4, 8), (6, 1, 7), (-1, 4, 3)])
def test_the_walk_keeps_no_step_that_does_not_agree_whoever_proposes_it(wrong):
    start = np.array([3, 4, 7])
    walker = _Walker(parts_and_whole(), start, np.arange(3), 4, 1)
    region = walker.regions.of(np.arange(3), start)
    walker._keep(region, np.array(wrong))
    assert not walker.found.steps and (walker.values == start).all()
    walker._keep(region, np.array([2, 4, 6]))
    assert len(walker.found.steps) == 1
    assert visits_only_what_agrees(walker.system, walker.found)
    walker.found.steps[0] = np.arange(3), np.array(wrong)
    assert not visits_only_what_agrees(walker.system, walker.found)


@pytest.mark.parametrize(("published", "add_up"), [(("S1", "S2"), 2), (("S1",), 0), ((), 0)])
def test_areas_add_up_to_a_ward_only_where_all_of_them_are_published(published, add_up):
    ward = pl.DataFrame({"area": ["S1", "S2"], "to": ["W1", "W1"], "is_rest": [False, False]})
    cells = pl.DataFrame(
        {"units_model": "u", "category_set": "a", "period_type": "year", "period_start": date(2024, 4, 1),
         "area": list(published), "age_band": "all", "sex": "all"},
        schema_overrides={"area": pl.String},
    )  # fmt: skip
    assert coarser.complete(cells, "area", "small_area to parent", ward).height == add_up


@pytest.mark.parametrize(("all_parts_known", "agrees"), [(False, True), (True, False)])
def test_from_outside_people_of_no_published_area_may_be_in_a_whole(all_parts_known, agrees):
    areas = pl.DataFrame(
        {
            "area": ["W1", "W2", "outside ward"],
            "to": ["X"] * 2 + ["outside X"],
            "is_rest": [False, False, True],
        }
    )
    cells = pl.DataFrame(
        {"units_model": "u", "category_set": "a", "period_type": "year", "period_start": date(2024, 4, 1),
         "area": ["W1", "W2", "X"], "age_band": "all", "sex": "all", "node": [0, 1, 2]}
    )  # fmt: skip
    rows = Rows()
    sums.add_sums_over(rows, cells, [("area", "ward to parent", areas)], all_parts_known)
    system = rows.system(np.zeros(3), np.full(3, 100.0))
    assert system.agrees(np.array([20, 30, 50])) and not system.agrees(np.array([20, 30, 49]))
    assert system.agrees(np.array([20, 30, 53])) == agrees


@pytest.mark.parametrize(
    ("sets", "values", "agrees"),
    [
        (("a", "b", "a + b"), (20, 30, 50), True),
        (("a", "b", "a + b"), (20, 30, 49), False),
        (("a", "a + b"), (20, 50), True),
        (("a", "a + b"), (51, 50), False),
    ],
)
def test_categories_add_up_to_what_holds_them_and_none_is_more(sets, values, agrees):
    cells = pl.DataFrame(
        {"units_model": "u", "category_set": list(sets), "period_type": "year",
         "period_start": date(2024, 4, 1), "area": "X", "age_band": "all", "sex": "all",
         "node": range(len(sets))}
    )  # fmt: skip
    rows = Rows()
    sums.add_differences(rows, cells)
    system = rows.system(np.zeros(len(sets)), np.full(len(sets), 100.0))
    assert system.agrees(np.array(values)) == agrees


@pytest.mark.parametrize(
    ("counted", "in_block", "ends"), [(3, False, (1, 7)), (3, True, (0, 7)), (12, False, (8, FAR))]
)
def test_the_worst_case_knows_which_withheld_cells_are_small_but_not_which_of_a_block_are_empty(
    counted, in_block, ends
):
    key = dict.fromkeys(KEY, "x") | {"period_start": date(2024, 4, 1)}
    cells = pl.DataFrame([key | {"withheld": True, "low": 0.0, "high": FAR}])
    truth = {"counted": counted, "people": counted, "in_block": in_block, "rest": False, "is_implied": False}
    known = with_knowledge(cells, pl.DataFrame([key | truth]), POLICY)
    assert known.select("low", "high").row(0) == ends
