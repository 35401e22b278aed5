"""What `breakwater propose` says of a cut is what a build with that cut in the catalogue then withholds."""

import shutil
from collections import Counter

import duckdb
import polars as pl
import pytest
from breakwater import catalogue, proposing
from breakwater.disclosure.layout import KEY
from breakwater.errors import Refusal
from breakwater.settings import PROJECT

from tests.pipeline.conftest import attempt

CUT = {"period": ["quarter"], "area": ["locality"], "age": ["all"], "sex": ["all"]}
QUARTERS = "- {period: [quarter], area: [place], age: [all], sex: [all]}"
FOLDERS = ("models", "macros", "seeds", "tests/generic", "expectations")


def decisions(place) -> pl.DataFrame:
    with duckdb.connect(str(place.warehouse), read_only=True) as warehouse:
        cells = "from disclosure.decided_cells where is_released and units_model = 'reablement_units'"
        return warehouse.sql(cells).pl()


def words(cells: pl.DataFrame) -> Counter:
    said = pl.when(pl.col("decision").is_in(["shown", "not yet known"])).then("decision").otherwise("reason")
    return Counter(cells.select(said.alias("said"))["said"].to_list())


def test_the_answer_is_what_a_build_with_the_cut_withholds(copy_of_place, tmp_path):
    shutil.rmtree(copy_of_place.releases)
    assert attempt(copy_of_place.root, "build").returncode == 0
    said = attempt(
        copy_of_place.root, "propose", "reablement", "--period", "quarter", "--area", "locality", "--age", "all",
        "--sex", "all",
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    answer = proposing.propose(copy_of_place, "reablement", CUT, None)
    before = decisions(copy_of_place)

    project = tmp_path / "project"
    for folder in FOLDERS:
        shutil.copytree(PROJECT / folder, project / folder)
    for file in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / file, project)
    entry = project / "models" / "marts" / "reablement.yml"
    text = entry.read_text()
    assert text.count(QUARTERS) == 2
    entry.write_text(text.replace(QUARTERS, QUARTERS.replace("[place]", "[place, locality]")))
    built = attempt(copy_of_place.root, "build", BREAKWATER_PROJECT=str(project))
    assert built.returncode == 0, built.stdout + built.stderr

    after = decisions(copy_of_place)
    new = after.join(before, on=KEY, how="anti")
    assert set(new["period_type"]) == {"quarter"} and set(new["area_level"]) == {"locality"}
    assert answer.cells == len(new) and answer.reasons == words(new)
    assert answer.reasons["few"] > 0, "nothing is withheld, so nothing was tested"
    both = after.join(before.select(*KEY, was="decision"), on=KEY)
    shown, was = pl.col("decision") == "shown", pl.col("was") == "shown"
    assert answer.lost.total() == both.filter(was & ~shown).height
    assert answer.regained.total() == both.filter(~was & shown).height
    told = f"{answer.cells:,} figures, {answer.cells - answer.reasons['shown'] - answer.reasons['not yet known']:,}"
    assert told in said.stdout and "select" not in said.stdout


def measure(name: str) -> catalogue.Measure:
    return next(one for one in catalogue.load(PROJECT) if one.name == name)


@pytest.mark.parametrize(
    ("name", "category", "change", "words"),
    [
        ("reablement", None, {"area": ["place"]}, "released so already"),
        ("reablement", "cured", {}, "has no series cured"),
        ("reablement", None, {"area": ["county"]}, "area must be of small_area, ward"),
        ("emergency_admissions", "spells", {"age": ["broad"], "period": ["month"]}, None),
    ],
)
def test_an_impossible_cut_is_told_in_a_sentence(name, category, change, words):
    if words is None:
        # a series of the same category that can have the cut has it; the standardised one is left as it is
        wider, labels, _ = proposing.widened(measure(name), CUT | change | {"area": ["small_area"]}, None)
        kinds = {line.label: line.kind for line in wider.series}
        assert labels and "directly_standardised_rate" not in {kinds[label] for label in labels}
        return
    with pytest.raises(Refusal, match=words):
        proposing.widened(measure(name), CUT | change, category)


def test_without_a_measure_or_a_build_a_sentence_says_so(tmp_path):
    for name, words in (("nothing", "there is no measure nothing"), ("reablement", "breakwater")):
        said = attempt(
            tmp_path, "propose", name, "--period", "year", "--area", "ward", "--age", "broad", "--sex", "each"
        )
        assert said.returncode == 1 and words in said.stderr and len(said.stderr.splitlines()) == 1
