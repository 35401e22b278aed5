"""xlsx and ods by the checklist of 'Releasing statistics in spreadsheets' (Government Analysis Function), opened by
programs that did not write them."""

import io
import re
import shutil
import subprocess
from datetime import date

import duckdb
import fastexcel
import openpyxl
import polars
import pytest
from sample_release import make_release

from dashboards import exports
from dashboards.exports import sheets, tidy
from dashboards.exports.content import Content
from dashboards.release import Release

# A selection of every measure that has every kind of sheet and status, and can be read in seconds.
TAKEN = {
    "residents": {"period_start": date(2025, 6, 30), "area_type": ["place", "ward", "practice"]},
    "emergency_admissions": {
        "area_type": ["place", "ward", "small_area"], "age_band": ["all", "85+"], "period_type": ["year", "month"],
    },
    "reablement": {},
}  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def made(release):
    """Measure -> form -> the file's bytes."""
    return {
        measure: {form: exports.make(release, form, measure, where)[0].data for form in ("xlsx", "ods")}
        for measure, where in TAKEN.items()
    }


@pytest.fixture(scope="module")
def books(made):
    return {measure: openpyxl.load_workbook(io.BytesIO(files["xlsx"])) for measure, files in made.items()}


@pytest.fixture(params=TAKEN)
def book(books, request):
    return books[request.param]


def table_of(sheet):
    (table,) = sheet.tables.values()
    return table


def test_cover_contents_and_notes_come_first(book):
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"] and len(book.sheetnames) > 3
    assert book.sheetnames[3:] == [f"Table_{n}" for n in range(1, len(book.sheetnames) - 2)]
    assert book.active.title == "Cover" and book.properties.title


def test_every_sheet_but_the_cover_has_one_table_and_begins_in_a1(book):
    names = set()
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert isinstance(sheet["A1"].value, str) and len(sheet["A1"].value) > 4
        if sheet.title == "Cover":
            assert not sheet.tables
            continue
        table = table_of(sheet)
        names.add(table.name)
        assert re.fullmatch(r"A\d+:[A-Z]\d+", table.ref)
        last = table.ref.split(":")[1]
        assert last == sheet.dimensions.split(":")[1], "nothing stands below or beside the table"
        assert "one table" in " ".join(
            row[0].value for row in sheet[f"A1:A{int(table.ref[1:].split(':')[0]) - 1}"]
        )
    assert len(names) == len(book.sheetnames) - 1


def test_no_cell_is_merged_blank_hidden_or_a_formula(book):
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert not [name for name, column in sheet.column_dimensions.items() if column.hidden]
        assert not [n for n, row in sheet.row_dimensions.items() if row.hidden]
        assert sheet.freeze_panes is None
        area = sheet[table_of(sheet).ref] if sheet.tables else [[cell] for cell in sheet["A"]]
        for row in area:
            for cell in row:
                assert cell.value is not None and str(cell.value).strip(), f"{sheet.title} {cell.coordinate}"
                assert cell.data_type in ("s", "n"), f"{sheet.title} {cell.coordinate}"
        headings = [cell.value for cell in area[0]]
        assert len(set(headings)) == len(headings)


def test_contents_lead_to_every_table(book):
    contents = book["Contents"]
    listed = {row[0].value: row for row in contents[table_of(contents).ref][1:]}
    assert list(listed) == book.sheetnames[3:]
    for name, row in listed.items():
        assert row[0].hyperlink.location == f"'{name}'!A1"
        assert row[1].value == book[name]["A1"].value
        assert row[2].value == len(book[name][table_of(book[name]).ref]) - 1


def test_notes_referred_to_are_there(book):
    listed = {row[0].value for row in book["Notes"][table_of(book["Notes"]).ref][1:]}
    told = {
        note
        for sheet in book
        for row in sheet["A1:A6"]
        for note in re.findall(r"\[note \d+\]", str(row[0].value))
    }
    assert told == listed and len(listed) >= 4


def test_shorthand_is_explained_above_the_table_that_uses_it(books):
    seen = set()
    for book in books.values():
        for name in book.sheetnames[3:]:
            sheet = book[name]
            top = int(table_of(sheet).ref[1:].split(":")[0])
            above = " ".join(row[0].value for row in sheet[f"A1:A{top - 1}"])
            used = {
                cell.value for row in sheet[table_of(sheet).ref] for cell in row
                if isinstance(cell.value, str) and re.fullmatch(r"\[\w+\]", cell.value)
            }  # fmt: skip
            explained = set(re.findall(r"(\[(?:c|x|z|low|p)\]) \w", above))
            assert used == explained, name
            assert used or "No shorthand" in above
            seen |= used
    assert {"[c]", "[x]"} <= seen


def test_the_cover_says_what_is_needed(release, books):
    for measure, book in books.items():
        entry = next(one for one in release.measures if one["measure"] == measure)
        cover = "\n".join(cell.value for cell in book["Cover"]["A"])
        facts = release.facts
        for needed in (
            facts["release_id"], entry["definition"], entry["version"], entry["owner"], "Open Government Licence v3.0",
            "threshold 7", "invented people", "SHA-256", *entry["source_extracts"].split(", "),
        ):  # fmt: skip
            assert needed in cover
        where = TAKEN[measure]
        digest = tidy.digest(exports.make(release, "csv", measure, where)[0].data)
        assert digest in cover


@pytest.mark.parametrize("measure", TAKEN)
def test_every_cell_taken_is_in_one_row(release, books, measure):
    rows = sum(
        len(books[measure][name][table_of(books[measure][name]).ref]) - 1
        for name in books[measure].sheetnames[3:]
    )
    assert rows == len(release.cells(measure=measure, **TAKEN[measure])) > 100


def grid(data: bytes, name: str) -> list[list]:
    """Return a sheet as calamine reads it, which knows both formats; texts and numbers, trailing nothing left off."""
    sheet = fastexcel.read_excel(data).load_sheet(name, header_row=None, dtypes="string")
    return [[value for value in row if value is not None] for row in sheet.to_polars().rows()]


@pytest.mark.parametrize("measure", TAKEN)
def test_ods_has_what_xlsx_has(made, books, measure):
    reader = fastexcel.read_excel(made[measure]["ods"])
    assert reader.sheet_names == books[measure].sheetnames
    for name in reader.sheet_names:
        assert grid(made[measure]["ods"], name) == grid(made[measure]["xlsx"], name), name


def test_polars_reads_a_table_by_its_headings(made):
    for form in ("xlsx", "ods"):
        table = polars.read_excel(
            io.BytesIO(made["reablement"][form]), sheet_name="Table_1", read_options={"header_row": 4}
        )
        assert table.columns[:2] == ["Period", "Area code"] and table.columns[-1] == "Status"
        assert set(table["Status"]) <= {"shown", "[c]", "[x]"} and len(table) > 10


def test_the_same_release_gives_the_same_bytes(release, made):
    for form in ("xlsx", "ods"):
        assert (
            exports.make(release, form, "reablement", TAKEN["reablement"])[0].data == made["reablement"][form]
        )


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui"
)
def test_libreoffice_opens_both_and_keeps_every_cell(made, tmp_path):
    """Each is opened and saved in the other format: what was understood is what comes back."""
    other = {"xlsx": "ods", "ods": "xlsx"}
    for form, into in other.items():
        source = tmp_path / form / f"reablement.{form}"
        source.parent.mkdir()
        source.write_bytes(made["reablement"][form])
        done = subprocess.run(
            [OFFICE, "--headless", "--norestore", f"-env:UserInstallation=file://{tmp_path}/profile",
             "--convert-to", into, "--outdir", str(tmp_path / "saved"), str(source)],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        back = (tmp_path / "saved" / f"reablement.{into}").read_bytes()
        for name in fastexcel.read_excel(back).sheet_names:
            before, after = grid(made["reablement"][form], name), grid(back, name)
            assert len(before) == len(after), name
            for ours, theirs in zip(before, after, strict=True):
                assert same(ours, theirs), (name, ours, theirs)


def same(ours: list[str], theirs: list[str]) -> bool:
    """LibreOffice keeps 15 digits of a number; texts must be equal."""
    return len(ours) == len(theirs) and all(
        mine == other
        or (number(mine) is not None and number(other) == pytest.approx(number(mine), rel=1e-13))
        for mine, other in zip(ours, theirs, strict=True)
    )


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def test_no_name_becomes_a_formula(tmp_path):
    """Whatever a publisher names an area: a spreadsheet that opens any of the files runs nothing."""
    names = {
        f"Z0500000{n}": f'{begins}HYPERLINK("http://elsewhere","x")[click](http://elsewhere)$$note$$'
        for n, begins in enumerate(FORMULA)
    }
    folder = make_release(tmp_path)
    with duckdb.connect(str(folder / "release.duckdb")) as connection:
        for code, name in names.items():
            connection.execute("update areas set area_name = ? where area_code = ?", [name, code])
            connection.execute("update measures set title = ?, owner = ?", [name, name])
    release = Release(folder / "release.duckdb")
    where = {"area_code": list(names), "age_band": "all", "category": "residents"}
    files = {form: exports.make(release, form, "residents", where)[0].data for form in exports.FORMS}
    release.close()
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sum("HYPERLINK" in str(cell.value) for cell in cells) > len(FORMULA)
    for cell in cells:
        assert cell.data_type != "f" and not str(cell.value).startswith(FORMULA)
        assert cell.hyperlink is None or cell.hyperlink.location
    rows = tidy_rows(files["csv"])
    assert sum("HYPERLINK" in value for row in rows for value in row) >= len(FORMULA)
    assert not [value for row in rows for value in row if value.startswith(FORMULA)]
    content = zip_text(files["ods"], "content.xml")
    assert content.count("HYPERLINK") > len(FORMULA) and "table:formula" not in content
    assert not [text for text in re.findall(r"<text:p>(.)", content, re.DOTALL) if text.startswith(FORMULA)]
    # programs get the names as they are
    assert set(polars.read_parquet(io.BytesIO(files["parquet"]))["area_name"]) == set(names.values())


def tidy_rows(data: bytes) -> list[list[str]]:
    import csv

    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def zip_text(data: bytes, part: str) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "mimetype"
        return archive.read(part).decode()


def test_a_cut_too_long_to_read_becomes_a_sheet_a_year(release, monkeypatch):
    entry = next(one for one in release.measures if one["measure"] == "reablement")
    whole = sheets.book(Content(release, entry, {}))
    monkeypatch.setattr(sheets, "MOST_ROWS", 30)
    cut = sheets.book(Content(release, entry, {}))
    assert len(cut.sheets) > len(whole.sheets)
    assert sum(len(sheet.rows) for sheet in cut.sheets) == sum(len(sheet.rows) for sheet in whole.sheets)
    for sheet in cut.sheets:
        assert len(sheet.rows) <= 30 or len({row[0] for row in sheet.rows}) == 1
