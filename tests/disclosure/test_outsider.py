"""`breakwater attack` on release files, and the proof by which small counts are shown safe."""

import json
from contextlib import ExitStack
from itertools import product

import duckdb
import numpy as np
import polars as pl
import pytest
from breakwater.cli import main
from breakwater.disclosure import outsider, proof
from breakwater.disclosure.attack import attack
from breakwater.disclosure.policy import Policy
from breakwater.errors import Refusal
from click.testing import CliRunner

from tests.disclosure import tiny
from tests.disclosure.test_joint import LINES, needing_complementary, people

EXACT = Policy(threshold=7, rounding=1, least_candidates=4, small_group=20, method="suppression")
LINE = [tiny.series(cuts=tiny.cuts(area=("place",)))]


def release_file(path, decisions, lines, policy):
    """Write a tiny release as a file, with the policy that it states."""
    with tiny.release(decisions, lines, policy=policy) as release, duckdb.connect(str(path)) as file:
        for name in ("cells", "series", "areas", "standard_weights"):
            content = release.sql(f"from {name}").to_arrow_table()  # noqa: F841  read by the query below
            file.execute(f"create table {name} as select * from content")
        file.execute("create table release as select ? as policy", [json.dumps(policy.as_dict())])
    return path


def sexes(male: int) -> pl.DataFrame:
    """Twenty women and so many men, all of one place."""
    return people({
        (tiny.MONTHS[0], "S1", "P1", "65-69", sex, "a"): n for sex, n in (("female", 20), ("male", male))
    })  # fmt: skip


@pytest.fixture
def leaking(tmp_path):
    """The place and the women are shown exactly, so there are two men at most."""
    decisions = tiny.decided(sexes(2), LINE, policy=EXACT).with_columns(
        decision=pl.when(pl.col("sex") == "male").then(pl.lit("primary")).otherwise(pl.lit("shown"))
    )
    return release_file(tmp_path / "leaking.duckdb", decisions, LINE, EXACT)


def test_an_outsider_works_out_what_follows_and_the_command_says_so(leaking):
    result = CliRunner().invoke(main, ["attack", str(leaking)])
    assert result.exit_code == 1
    # an outsider cannot know that nobody's sex is unknown: none, one or two men
    assert "1 to fewer than 4 values" in result.output


def test_an_outsider_finds_nothing_in_what_the_protector_lets_out(tmp_path):
    decisions, lines = needing_complementary()
    file = release_file(tmp_path / "safe.duckdb", decisions, lines, tiny.POLICY)
    result = CliRunner().invoke(main, ["attack", str(file), str(file)])
    assert result.exit_code == 0, result.output
    assert "of 2 releases" in result.output


def test_releases_attacked_together_narrow_what_each_leaves_open(tmp_path):
    """One shows the women and the other the place: neither alone says how many men there are."""
    decisions = tiny.decided(sexes(2), LINE, policy=EXACT)
    files = []
    for shown in ("female", "all"):
        partly = decisions.with_columns(
            decision=pl.when(pl.col("sex") == shown).then(pl.lit("shown")).otherwise(pl.lit("primary"))
        )
        files.append(release_file(tmp_path / f"{shown}.duckdb", partly, LINE, EXACT))
    for tried, leaks in ((files[:1], 0), (files[1:], 0), (files, 1)):
        with ExitStack() as opened:
            assert outsider.attack_files(tried, opened)[0].leaks == leaks


def test_releases_of_other_records_are_not_attacked_as_one(tmp_path):
    # the women were 20 and the place 22; later, of other records, the place is 12 and the women nobody knows
    files = []
    fewer = people({(tiny.MONTHS[0], "S1", "P1", "65-69", "female", "a"): 12})
    for counted, shown in ((sexes(2), "female"), (fewer, "all")):
        decisions = tiny.decided(counted, LINE, policy=EXACT)
        partly = decisions.with_columns(
            decision=pl.when(pl.col("sex") == shown).then(pl.lit("shown")).otherwise(pl.lit("primary"))
        )
        files.append(release_file(tmp_path / f"{shown}.duckdb", partly, LINE, EXACT))
    with pytest.raises(Refusal, match="attack each release by itself"), ExitStack() as opened:
        outsider.attack_files(files, opened)


def test_what_is_no_release_is_refused(tmp_path):
    (tmp_path / "no.duckdb").write_text("nothing")
    with pytest.raises(Refusal, match="no release file"), ExitStack() as opened:
        outsider.attack_files([tmp_path / "no.duckdb"], opened)


def test_the_proof_holds_only_tables_that_agree_and_names_the_step_of_each_end():
    rng = np.random.default_rng(3)
    keys = product(tiny.MONTHS[:2], ("S1", "S2", "S3"), ("P1",), ("65-69",), ("female", "male"), "ab")
    decisions = tiny.decided(people({key: int(rng.integers(0, 9)) for key in keys}), LINES)
    with tiny.release(decisions, LINES) as release:
        found = attack(release, tiny.POLICY, tiny.knowledge(decisions))
    made = proof.prove(found, wanted=4, processes=1)
    assert len(made.counts) == found.cells["small"].sum()
    assert made.proven > 0.5 * len(made.counts)
    truth = found.cells["counted"].to_numpy()
    steps = made.steps.filter(pl.col("step") > 0)
    for row in made.counts.iter_rows(named=True):
        assert row["least"] <= truth[row["cell"]] <= row["greatest"]
        for end in ("least", "greatest"):
            at = steps.filter((pl.col("cell") == row["cell"]) & (pl.col("step") == row[f"{end}_step"]))
            assert row[end] == (at["value"][0] if row[f"{end}_step"] else truth[row["cell"]])
