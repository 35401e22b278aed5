"""A cell says the same wherever it is read: sentence and table on the screen, tooltip, and every file."""

import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import polars
import pytest

from dashboards import charts, exports, tables, words
from dashboards.release import DIMENSIONS, Release

# So many cells of each series and status are compared, and so many that are zero.
SAMPLE = 12
NUMBERS = ("numerator", "denominator", "value", "lower", "upper")
TABLE, TEXT, OFFICE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "text", "office")
)


@pytest.fixture(scope="module", params=["invented", "small place"])
def any_release(request, release):
    """The invented release, and that of the small place, which came all the way from extracts."""
    if request.param == "invented":
        yield release
        return
    folder = request.getfixturevalue("small_place").releases / "current"
    opened = Release(Path(folder).resolve() / "release.duckdb")
    yield opened
    opened.close()


def key(cell: dict) -> tuple:
    return tuple(str(cell[name]) for name in sorted(DIMENSIONS))


def sample(release: Release, measure: str) -> list[dict]:
    """Return cells of every series and status, spread over all of them, and zeros among them."""
    found: dict[tuple, list[dict]] = {}
    for cell in release.cells(measure=measure):
        kind = (cell["category_type"], cell["category"], cell["status"], cell["value"] == 0)
        found.setdefault(kind, []).append(cell)
    return [cell for cells in found.values() for cell in cells[:: -(-len(cells) // SAMPLE)]]


def said(cell: dict, series: dict) -> dict[str, str]:
    """Return how each number of a cell must read, put together here from the released number and nothing else."""
    texts = {}
    for name in NUMBERS:
        places = 0 if name in ("numerator", "denominator") else series["decimals"]
        if cell["status"] in ("c", "x"):
            texts[name] = f"[{cell['status']}]"
        elif cell[name] is None:
            texts[name] = "[z]"
        else:
            texts[name] = f"{cell[name]:,.{places}f}"
            if cell[name] and not texts[name].strip("0.,"):
                texts[name] = "[low]"
    return texts


def from_xlsx(data: bytes) -> dict[tuple, dict[str, str]]:
    """Return what a reader of the workbook sees, by what the row says it is about: numbers by their format."""
    book, found = openpyxl.load_workbook(io.BytesIO(data)), {}
    for sheet in book.worksheets[3:]:
        (table,) = sheet.tables.values()
        rows = [[(cell.value, cell.number_format) for cell in row] for row in sheet[table.ref]]
        found |= by_row(sheet["A1"].value, [[shown(*cell) for cell in row] for row in rows])
    return found


class Shown(str):
    """A cell as a reader sees it, which remembers the number behind."""

    number: float | None = None


def shown(value, number_format: str) -> Shown:
    if isinstance(value, str):
        return Shown(value)
    text = Shown(with_places(value, number_format))
    text.number = value
    return text


def with_places(value: float, number_format: str) -> str:
    return f"{value:,.{len(number_format.partition('.')[2])}f}"


def from_ods(data: bytes) -> dict[tuple, dict[str, str]]:
    """Return the same of an ods file: the text of each cell, which must be that of its number."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    found = {}
    for sheet in list(root.iter(f"{TABLE}table"))[3:]:
        rows = [
            [text_of(cell) for cell in row.iter(f"{TABLE}table-cell")]
            for row in sheet.iter(f"{TABLE}table-row")
        ]
        found |= by_row(rows[0][0], [row for row in rows if len(row) > 1])
    return found


def text_of(cell) -> Shown:
    text = Shown("".join(cell.find(f"{TEXT}p").itertext()))
    if number := cell.get(f"{OFFICE}value"):
        text.number = float(number)
        assert f"{text.number:,.{len(text.partition('.')[2])}f}" == text
    return text


def by_row(title: str, rows: list[list[str]]) -> dict[tuple, dict[str, str]]:
    headings, *rows = rows
    about = [n for n, name in enumerate(headings) if name in ("Period", "Area code", "Age", "Sex")]
    about += [n for n, name in enumerate(headings) if name.startswith("Deprivation")]
    return {(title, *(row[n] for n in about)): dict(zip(headings, row, strict=True)) for row in rows}


def row_of(cell: dict) -> tuple:
    group = () if cell["deprivation_quintile"] == "all" else (cell["deprivation_quintile"],)
    when = words.period(cell["period_type"], cell["period_start"])
    return (when, cell["area_code"], words.age(cell["age_band"]), words.SEXES[cell["sex"]], *group)


def measures_of(release: Release) -> list[str]:
    return [one["measure"] for one in release.measures]


def test_every_measure_says_the_same_everywhere(any_release):
    compared = 0
    for measure in measures_of(any_release):
        series = {(one["category_type"], one["category"]): one for one in any_release.series(measure)}
        cells = sample(any_release, measure)
        # spreadsheets of the sampled periods only, to read them in seconds
        where = {"period_start": sorted({cell["period_start"] for cell in cells})[-2:]}
        files = {form: exports.make(any_release, form, measure, where)[0].data for form in exports.FORMS}
        sheets = {"xlsx": from_xlsx(files["xlsx"]), "ods": from_ods(files["ods"])}
        dates = {"period_start": polars.Date, "deprivation_quintile": polars.String}
        programs = {
            "csv": polars.read_csv(files["csv"], schema_overrides=dates, infer_schema_length=None),
            "parquet": polars.read_parquet(io.BytesIO(files["parquet"])),
        }
        programs = {form: {key(row): row for row in table.to_dicts()} for form, table in programs.items()}
        for cell in cells:
            if cell["period_start"] in where["period_start"]:
                one = series[cell["category_type"], cell["category"]]
                compare(cell, one, programs, sheets)
                compared += 1
    assert compared >= 50


def compare(cell: dict, series: dict, programs: dict, sheets: dict) -> None:
    expected = said(cell, series)
    marked = f"{expected['value']} [p]" if cell["status"] == "p" else expected["value"]
    interval = f"{expected['lower']} to {expected['upper']}"
    if cell["status"] in ("c", "x") or cell["lower"] is None:
        interval = ""
    row = dict(zip(
        tables.cell_headings("Area", series), tables.cell_rows([cell], series, lambda one: "here")[0], strict=True
    ))  # fmt: skip
    values = list(row.values())
    assert values[1] == marked and values[2] == interval, cell
    if series["kind"] != "count":
        assert values[3:] == [expected["numerator"], expected["denominator"]], cell
    (point,) = charts.rows([cell], series, lambda one: "here")
    assert (point["figure"], point["interval"]) == (marked, interval), cell
    assert point["status"] == words.STATUS[cell["status"]]
    for form, rows in programs.items():
        taken = rows[key(cell)]
        assert [taken[name] for name in NUMBERS] == [cell[name] for name in NUMBERS], (form, cell)
        assert (taken["status"], taken["status_text"]) == (cell["status"], words.STATUS[cell["status"]])
    for form, rows in sheets.items():
        found = [r for title, r in ((k, v) for k, v in rows.items() if k[1:] == row_of(cell))
                 if title[0].startswith(f"{series['label']}: ") and title_fits(title[0], cell)]  # fmt: skip
        assert len(found) == 1, (form, cell)
        (line,) = found
        value = line[f"Value, {series['value_label']}"]
        assert value == expected["value"], (form, cell)
        assert value.number is None or value.number == pytest.approx(cell["value"], rel=1e-14)
        assert (value.number is None) == value.startswith("[")
        if series["kind"] != "count":
            numbers = [line[f"Number of {series['unit']}"], line["Out of"], line["Lower"], line["Upper"]]
            assert numbers == [expected[name] for name in ("numerator", "denominator", "lower", "upper")], (
                form,
                cell,
            )
        assert line["Status"] == ("shown" if cell["status"] == "shown" else f"[{cell['status']}]")


def title_fits(title: str, cell: dict) -> bool:
    """Tell whether a sheet's title names the kind of area and of period of a cell."""
    area = (
        "deprivation groups" if cell["deprivation_quintile"] != "all" else words.AREA_TYPES[cell["area_type"]]
    )
    return f": {area.lower()}, {words.PERIOD_TYPES[cell['period_type']].lower()}, " in title


def test_the_page_shows_these_cells(served, release):
    """What `tables.cell_rows` says is what stands on the page, and the chart of the page carries the same."""
    from streamlit.testing.v1 import AppTest

    script = (
        "import sys\nfrom dashboards import measure\nfrom dashboards.app import session_release\n"
        "release = session_release()\n"
        "measure.draw(release, next(m for m in release.measures if m['measure'] == 'emergency_admissions'))\n"
    )
    page = AppTest.from_string(script, default_timeout=60)
    page.query_params["compare"], page.query_params["period"] = "ward", "2025-04-01"
    page.run()
    assert not page.exception
    where = {"measure": "emergency_admissions", "category_type": "counted", "category": "spells",
             "period_type": "year", "area_type": "ward", "age_band": "all", "sex": "all"}  # fmt: skip
    cells = release.cells(**where, period_start=date(2025, 4, 1))
    series = next(one for one in release.series("emergency_admissions") if one["category"] == "spells")
    screen = "".join(part.proto.body for part in page.get("html"))
    assert len(cells) == 9
    drawn = json.dumps([json.loads(part.proto.spec) for part in page.get("vega_lite_chart")])
    for cell in cells:
        expected = said(cell, series)
        assert f">{expected['value']}</td>" in screen
        assert expected["value"] in drawn or expected["value"] == "[c]"
