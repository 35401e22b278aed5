"""The how-to of docs/adding-a-measure.md, followed to the letter in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

# One worker builds it, for all tests of this module.
pytestmark = pytest.mark.xdist_group("adding a measure")
PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "adding-a-measure.md"
# A file of the example: its path in backticks, a colon, and a fenced block.
FILE = re.compile(r"`(models/[^`]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
PARTS = ("models", "macros", "seeds", "expectations", "tests/generic", "dbt_project.yml", "profiles.yml")


def follow(page: str, project: Path) -> list[str]:
    """Do what the page says in a project: write its files, run its shell lines. Returns the paths written."""
    written = FILE.findall(page)
    for path, content in written:
        assert not (project / path).exists(), f"{path} of the example is in the project already"
        (project / path).write_text(content)
    for lines in SHELL.findall(page):
        subprocess.run(["bash", "-euo", "pipefail", "-c", lines], cwd=project, check=True)
    return [path for path, _ in written]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the project with the measure of the page in it."""
    copy = tmp_path_factory.mktemp("project")
    for part in PARTS:
        source, target = PROJECT / part, copy / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    assert len(follow(PAGE.read_text(), copy)) == 4
    return copy


@pytest.fixture(scope="module")
def release(project, small_place, tmp_path_factory) -> Path:
    """The current release, with the measure, of a copy of the small place's data folder."""
    data = tmp_path_factory.mktemp("data")
    shutil.copy(small_place.warehouse, data / "warehouse.duckdb")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BREAKWATER_")}
    environment = {**kept, "BREAKWATER_PROJECT": str(project), "BREAKWATER_DATA": str(data)}
    for verb in ("build", "release"):
        done = subprocess.run(
            [sys.executable, "-m", "breakwater", verb], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return data / "releases" / "current"


def test_measure_is_in_the_release(release):
    with duckdb.connect(str(release / "release.duckdb"), read_only=True) as connection:
        title = connection.execute("select title from measures where measure = 'long_stays'").fetchone()
        assert title == ("Long emergency stays",)
        shown, wards = connection.execute("""
            select
                count(*) filter (status = 'shown' and denominator > 0),
                count(distinct area_code) filter (area_type = 'ward')
            from cells where measure = 'long_stays'
        """).fetchone()
        assert shown > 0 and wards == 17
        passed = connection.execute(
            "select bool_and(passed) from checks where subject in ('long_stays', 'all cells')"
        ).fetchone()
        assert passed == (True,)


def test_measure_is_what_the_warehouse_counts(release, small_place):
    """The released denominator of the place is the number of stays that ended in the year, rounded."""
    with duckdb.connect(str(release / "release.duckdb"), read_only=True) as connection:
        released = connection.execute("""
            select year(period_start), denominator from long_stays
            where period_type = 'year' and area_type = 'place' and status = 'shown'
                and age_band = 'all' and sex = 'all' and deprivation_quintile = 'all'
        """).fetchall()
    with duckdb.connect(str(small_place.warehouse), read_only=True) as connection:
        counted = dict(
            connection.execute("""
                select year(discharge_date) - (month(discharge_date) < 4)::int, count(*)
                from linked.int_spells
                where admission_method like '2%' and age_at_admission is not null
                    and small_area_code in (select small_area_code from linked.int_areas)
                group by 1
            """).fetchall()
        )
    assert released and all(abs(denominator - counted[year]) <= 2 for year, denominator in released)


def test_measure_is_on_the_dashboard(release, monkeypatch):
    """The app lists it on the overview and has a page for it, without a line of code about it."""
    monkeypatch.setenv("BREAKWATER_RELEASE", str(release))
    monkeypatch.syspath_prepend(str(PROJECT))
    app = AppTest.from_file(str(PROJECT / "dashboards" / "app.py"), default_timeout=120).run()
    assert not app.exception, [one.message for one in app.exception]
    assert any("Emergency stays of 7 days or more" in element.proto.body for element in app.get("html"))
    page = AppTest.from_string(
        "from dashboards import measure\n"
        "from dashboards.app import session_release\n"
        "release = session_release()\n"
        "measure.draw(release, next(one for one in release.measures if one['measure'] == 'long_stays'))\n",
        default_timeout=120,
    ).run()
    assert not page.exception, [one.message for one in page.exception]
    assert [one.value for one in page.title] == ["Long emergency stays"]
