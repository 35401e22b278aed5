"""The one door to the figures: a released file, opened so that nothing else can be reached through it."""

import json
import os
import tempfile
from functools import cache, lru_cache
from pathlib import Path

import duckdb

# What a page may ask for; anything else is refused before SQL is made.
DIMENSIONS = frozenset({
    "measure", "period_type", "period_start", "area_type", "area_code", "age_band", "sex",
    "deprivation_quintile", "category_type", "category",
})  # fmt: skip
# By what a cell is, never by its number.
ORDER = """measure, category_type, category, period_type, period_start, cells.area_type, area_code,
    deprivation_quintile, age_band, sex"""


FILE = "release.duckdb"
# So many answers are kept: what a few dozen readers look at, a few megabytes.
KEPT = 512


class NoRelease(Exception):
    """There is no release to show; the message is one sentence for the reader."""


def release_path() -> Path:
    """Return the release file named by BREAKWATER_RELEASE, with the `current` link already followed.

    Following the link here, once a session, is what lets a new release be made current under open pages.
    """
    named = os.environ.get("BREAKWATER_RELEASE")
    if not named:
        raise NoRelease("No release was given: start the dashboards with `breakwater serve`.")
    file = Path(named).resolve() / FILE
    if not file.is_file():
        raise NoRelease("There is no release to show yet: make one with `breakwater release`.")
    return file


def listed() -> dict[str, Path]:
    """Return the release files that lie beside the one named by BREAKWATER_RELEASE, by id, the latest first.

    Only names that the folder lists are ever opened: what a reader asks for is looked up here, never joined to a path.
    """
    folder = Path(os.environ.get("BREAKWATER_RELEASE") or "").parent
    found = [one for one in folder.iterdir() if not one.is_symlink()] if folder.is_dir() else []
    files = {one.name: one.resolve() / FILE for one in found if not one.name.startswith(".")}
    return {name: files[name] for name in sorted(files, reverse=True) if files[name].is_file()}


@cache
def _scratch() -> tempfile.TemporaryDirectory:
    """A folder of this process alone for what DuckDB spills; it goes when the process does."""
    return tempfile.TemporaryDirectory(prefix="breakwater-dashboards-")


def _locked() -> dict:
    """Return the settings of a connection that reaches the file it was opened on and nothing else."""
    return {
        "enable_external_access": False,
        "lock_configuration": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": _scratch().name,
        "threads": 2,
    }


class Release:
    """A release, read only. Rows come as dicts: sentence, chart, table and file use the same cells."""

    def __init__(self, file: Path):
        self.file = file
        self._connection = duckdb.connect(str(file), read_only=True, config=_locked())
        # A release is immutable: what was asked once need not be asked again.
        self._catalogue = cache(self._rows)
        self._asked = lru_cache(maxsize=KEPT)(self._rows)

    def _optional(self, table: str, order: str) -> list[dict]:
        """Return the rows of a table that releases of earlier versions do not have; none there."""
        there = self._catalogue("select 1 from information_schema.tables where table_name = ?", table)
        return self._catalogue(f"select * from {table} order by {order}") if there else []

    def close(self) -> None:
        self._connection.close()

    def _rows(self, sql: str, *values) -> list[dict]:
        cursor = self._connection.cursor()
        cursor.execute(sql, [list(one) if isinstance(one, tuple) else one for one in values])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @property
    def facts(self) -> dict:
        """Return the one row of `release`, its policy read into a dict."""
        row = dict(self._catalogue("select * from release")[0])
        return row | {"policy": json.loads(row["policy"])}

    @property
    def measures(self) -> list[dict]:
        return self._catalogue("select * from measures order by position, measure")

    @property
    def checks(self) -> list[dict]:
        return self._catalogue("select * from checks")

    @property
    def quality(self) -> list[dict]:
        """Return the shares that tell the quality of extracts, by extract and period."""
        return self._optional("quality", "extract, indicator, period_start, period_end")

    @property
    def deliveries(self) -> list[dict]:
        return self._optional("deliveries", "extract, period_start, period_end")

    @property
    def expectations(self) -> list[dict]:
        return self._optional("expectations", "extract, period_start, expectation, column_name")

    @property
    def sources(self) -> list[dict]:
        """Return one row an extract: what it is, who sends it, its identifiers and what became of them."""
        return self._optional("sources", "position, extract")

    @property
    def flows(self) -> list[dict]:
        """Return one row an extract and purpose, with the legal basis of each."""
        return self._optional("flows", "position, extract, purpose")

    @property
    def areas(self) -> dict[str, dict]:
        return {row["area_code"]: row for row in self._catalogue("select * from areas order by area_code")}

    def series(self, measure: str) -> list[dict]:
        """Return the series of a measure that have at least one cell, in the order of the catalogue."""
        return self._catalogue(
            """select s.* from series s
               where s.measure = ? and exists (
                   select 1 from cells c where c.measure = s.measure
                   and c.category_type = s.category_type and c.category = s.category)
               order by s.position, s.category_type, s.category""",
            measure,
        )

    def combinations(self, measure: str) -> list[dict]:
        """Return what was released of a measure: one row a combination of everything a page can choose."""
        return self._catalogue(
            """select category_type, category, period_type, age_band, sex, area_type,
                      deprivation_quintile <> 'all' as by_deprivation
               from cells where measure = ? group by all order by all""",
            measure,
        )

    def frameworks(self, measure: str) -> list[dict]:
        """Return the national names of a measure, in order of the catalogue, with the days on which each applied."""
        return [row for row in self._optional("frameworks", "measure, position") if row["measure"] == measure]

    def counts(self, measure: str) -> dict:
        """Return how many cells a measure has, by status, and the first and last period."""
        return self._catalogue(
            """select count(*) as cells, count(*) filter (status = 'c') as withheld,
                      count(*) filter (status = 'x') as not_yet_known,
                      min(period_start) as first_period, max(period_start) as last_period
               from cells where measure = ?""",
            measure,
        )[0]

    def values(self, measure: str, dimension: str) -> list:
        """Return the values that a dimension has in the cells of a measure; ValueError if it is none."""
        _require_dimensions({dimension})
        rows = self._catalogue(
            f"select distinct {dimension} as value from cells where measure = ? order by all", measure
        )
        return [row["value"] for row in rows]

    def cells(self, **where) -> list[dict]:
        """Return the released cells with these values (one value or a list each), in a stable order.

        Raises ValueError on a name that is not a dimension of cells.
        """
        tests, values = _tests(where)
        return self._asked(f"select * from cells where {tests} order by {ORDER}", *values)

    def figures(self, **where):
        """Return the same cells in the same order as an Arrow table, with names beside the codes."""
        tests, values = _tests(where)
        cursor = self._connection.cursor()
        return cursor.execute(
            f"""select release.release_id, cells.*, label as series, value_label as unit_of_value, area_name
                from (select * from cells where {tests}) as cells
                left join series using (measure, category_type, category)
                left join areas using (area_code)
                cross join (select release_id from release) as release
                order by {ORDER}""",
            [list(one) for one in values],
        ).to_arrow_table()


def _require_dimensions(names) -> None:
    if unknown := set(names) - DIMENSIONS:
        raise ValueError(f"cells have no dimension {', '.join(sorted(unknown))}")


def _tests(where: dict) -> tuple[str, list[tuple]]:
    """Return SQL with a place for each value, and the values: names are checked, values are never SQL."""
    _require_dimensions(where)
    lists = {
        name: tuple(value) if isinstance(value, list | tuple) else (value,) for name, value in where.items()
    }
    return " and ".join(f"list_contains(?, {name})" for name in lists) or "true", list(lists.values())


def compared(earlier: Path, later: Path, sql: str) -> list[dict]:
    """Return the rows of a query on two releases, attached as `earlier` and `later` and both read only.

    The connection is locked before the query runs: from then on it reaches these two files and nothing else.
    """
    with duckdb.connect(config={"temp_directory": _scratch().name, "threads": 2}) as connection:
        for name, file in (("earlier", earlier), ("later", later)):
            quoted = str(file).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def summary(file: Path) -> dict | None:
    """Return what a release says of itself in numbers; None where the file cannot be read."""
    try:
        with duckdb.connect(str(file), read_only=True, config=_locked()) as connection:
            cursor = connection.execute(
                "select release_id, made_at, data_up_to, cells, withheld from release"
            )
            names = [column[0] for column in cursor.description]
            return dict(zip(names, cursor.fetchone(), strict=True))
    except (duckdb.Error, TypeError):
        return None
