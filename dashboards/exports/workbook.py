"""A book of sheets as xlsx, made by gptables, which lays it out as government statistics are."""

import io
import warnings
from datetime import datetime

import gptables
import pandas

from dashboards.exports.sheets import Book, Sheet
from dashboards.exports.tidy import harmless

# A text stays a text: it becomes no formula, no link and no number.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def as_xlsx(book: Book, made_at: datetime) -> bytes:
    """Return the book as an xlsx file. made_at: of the release; the same book gives the same bytes."""
    out = io.BytesIO()
    contents, notes = book.contents, book.notes_sheet
    cover = gptables.Cover(
        title=_plain(book.title),
        intro=_texts(book.cover["Introductory information"]),
        about=_texts(book.cover["About these data"]),
        contact=_texts(book.cover["Contact"]),
    )
    with warnings.catch_warnings():
        # It would rather number notes itself (here xlsx and ods have the same numbers), and is behind pandas.
        warnings.filterwarnings("ignore", module="gptables")
        workbook = gptables.produce_workbook(
            out,
            {sheet.name: _table(sheet, book) for sheet in (contents, notes, *book.sheets)},
            cover=cover,
            contentsheet_label=None,
            workbook_options={**AS_TEXT, "in_memory": True},
        )
    workbook.set_properties({"title": book.title, "author": "", "created": made_at})
    workbook.close()
    return out.getvalue()


def _texts(lines: list[str]) -> list[str]:
    return [_plain(line) for line in lines]


def _table(sheet: Sheet, book: Book) -> gptables.GPTable:
    rows = [[_plain(value) if isinstance(value, str) else value for value in row] for row in sheet.rows]
    if sheet is book.contents:
        rows = [[{name: f"internal:'{name}'!A1"}, *rest] for name, *rest in rows]
    headings = _texts(sheet.headings)
    formats = [
        {
            "column": {
                "columns": [headings[n]],
                "format": {"num_format": number_format(places), "align": "right"},
            }
        }
        for n, places in sheet.decimals.items()
    ]
    return gptables.GPTable(
        table=pandas.DataFrame(rows, columns=headings, dtype=object),
        table_name=sheet.table_name,
        title=_plain(sheet.title),
        instructions=_plain(sheet.lines[0]),
        legend=_texts(sheet.lines[1:]),
        index_columns={},
        additional_formatting=formats,
    )


def number_format(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _plain(text: str) -> str:
    """Return a text without what gptables reads as a link, [words](address), or as a note, $$name$$."""
    return harmless(text.replace("](", "] (").replace("$$", "$ $"))
