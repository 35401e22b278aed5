"""Witnesses show cells wide that are, and no others; what a sharper attack or second thoughts change."""

import numpy as np
import polars as pl
import pytest
from breakwater.bench import peer_tables, peers
from breakwater.disclosure import protect, tables
from breakwater.disclosure.attack import exact, propagate, witnesses

from tests.disclosure.small_systems import every_solution, random_system
from tests.disclosure.tiny import POLICY

SHAPE, MOST = (3, 3), 2


def test_what_witnesses_show_wide_is_wide_and_most_that_is_wide_is_shown():
    rng, shown, wide = np.random.default_rng(11), 0, 0
    for _ in range(80):
        system, _ = random_system(rng, SHAPE, MOST)
        solutions = every_solution(system, SHAPE, MOST)
        system.low, system.high = propagate.tighten(system)
        possible = np.array([len(np.unique(column)) for column in solutions.T])
        for part in np.unique(system.parts[system.high > system.low]).tolist():
            program = witnesses.whole(system, part)
            found = witnesses.shown_wide(program, np.ones(len(program.cells), bool), enough=3)
            assert (possible[program.cells[found]] >= 3).all(), "a witness lies"
            shown, wide = shown + found.sum(), wide + (possible[program.cells] >= 3).sum()
    assert wide > 150 and shown > 0.7 * wide


def test_exact_bounds_are_the_same_with_witnesses_where_they_are_narrow(monkeypatch):
    rng, narrow = np.random.default_rng(5), 0
    for _ in range(25):
        system, _ = random_system(rng, SHAPE, MOST)
        system.low, system.high = propagate.tighten(system)
        cells = np.arange(len(system.low))
        alone = exact.bounds(system, cells, enough=3)
        monkeypatch.setattr(exact, "MANY", 1)
        together = exact.bounds(system, cells, enough=3)
        monkeypatch.undo()
        for cell in cells:
            width = alone[cell].high - alone[cell].low + 1
            assert (together[cell].high - together[cell].low + 1 < 3) == (width < 3)
            narrow += width < 3
    assert narrow > 25


def test_a_point_that_does_not_agree_is_no_witness():
    system, _ = random_system(np.random.default_rng(3), SHAPE, MOST)
    system.low, system.high = propagate.tighten(system)
    cell = np.flatnonzero(system.high > system.low)[0]
    program = witnesses.whole(system, int(system.parts[cell]))
    nothing = np.zeros(len(program.cells))
    assert program.at_most(nothing) is not None
    program.high = program.low - 1
    assert program.at_most(nothing) is None


def microdata(rng: np.random.Generator) -> pl.DataFrame:
    """Twelve small areas in three wards, by two ages, by sex: counts that are often small."""
    rows = [
        (f"L{area:02}", f"W{area // 4}", f"C{area // 8}", age, "B0", sex, int(rng.choice([0, 3, 6, 12, 30])))
        for area in range(12)
        for age in ("A0", "A1")
        for sex in "FM"
    ]
    columns = ["lsoa", "ward", "loc", "age", "broad", "sex", "adm"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def a_table(rng: np.random.Generator) -> peer_tables.Table:
    cuts = tables.cuts_of("(lsoa + ward + loc) * (age + broad) * sex")
    functions = {"lsoa": ("ward",), "ward": ("loc",), "age": ("broad",)}
    system, published = tables.lay_out(microdata(rng), "adm", cuts, functions)
    counted = system.cells["counted"].to_numpy()
    small = published & (counted >= 1) & (counted <= POLICY.threshold)
    return peer_tables.Table("a table", system, published, counted, small)


def by_their_rule(table: peer_tables.Table, **more) -> protect.Decision:
    return protect.protect(
        table.system, protect.no_sums(), table.small, table.published, POLICY,
        protected=table.small.copy(), known=peers.their_knowledge, **more,
    )  # fmt: skip


@pytest.mark.parametrize("values", [2, 4])
def test_ours_by_the_rule_of_other_tools_leaves_so_many_values_by_exact_bounds(values):
    table = a_table(np.random.default_rng(values))
    found = peers.ours_by_their_rule(table, values, POLICY, walks=True)
    assert found.exactly == 0 and found.withheld > 0
    assert values == 2 or found.narrow == 0
    assert found.safe == f"{table.small.sum()} of {table.small.sum()}"


def test_nothing_withheld_besides_is_found_by_the_same_attack():
    found = peers._attacked(table := a_table(np.random.default_rng(1)), "nothing", table.small)
    assert found.exactly > 0 and found.withheld == 0


def test_second_thoughts_never_lose_more_and_often_less():
    less = 0
    for seed in range(6):
        table = a_table(np.random.default_rng(seed))
        plain, thought = (by_their_rule(table, tries=tries) for tries in (0, 100))
        cost = table.system.cells.select((pl.col("counted") + 1).log() * pl.col("weight")).to_series()
        lost = [cost.filter(pl.Series(d.status == protect.COMPLEMENTARY)).sum() for d in (plain, thought)]
        assert lost[1] <= lost[0]
        less += lost[1] < lost[0]
        width = thought.high - thought.low + 1
        assert (width[table.small] >= POLICY.least_candidates).all()
    assert less > 0


def test_what_a_sharper_attack_asks_for_is_withheld_and_stays_so():
    table = a_table(np.random.default_rng(2))
    shown = by_their_rule(table).status == protect.SHOWN
    also = np.zeros(len(shown), bool)
    also[np.flatnonzero(shown & table.published & (table.counted > 20))[:2]] = True
    assert (by_their_rule(table, also=also).status[also] == protect.COMPLEMENTARY).all()


def test_the_pattern_of_another_table_is_refused():
    table = a_table(np.random.default_rng(1))
    pattern = table.system.cells.filter(pl.Series(table.published)).with_columns(suppressed=pl.lit(False))
    assert not peer_tables.of_pattern(table, pattern, "ours").any()
    with pytest.raises(peer_tables.Refusal, match="not those of"):
        peer_tables.of_pattern(table, pattern.with_columns(pl.col("counted") + 1), "theirs")


def test_without_the_reference_tables_one_sentence_says_so(tmp_path):
    with pytest.raises(peer_tables.Refusal, match="nothing to compare with"):
        peer_tables.read(tmp_path, "T1", 7)


def test_tau_argus_runs_and_withholds_all_small_cells():
    from breakwater.bench import tau_argus

    rng = np.random.default_rng(4)
    table = a_table(rng)
    pattern, _ = tau_argus.protect(microdata(np.random.default_rng(4)), "age", POLICY.threshold, "modular")
    full = {name: np.unique(pattern[name]) for name in ("lsoa", "age", "sex")}
    assert len(pattern) == np.prod([len(codes) for codes in full.values()])
    withheld = peer_tables.of_pattern(table, pattern, "tau-Argus")
    assert withheld[table.small].all() and not withheld[table.counted == 0].any()
