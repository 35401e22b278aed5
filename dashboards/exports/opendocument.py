"""A book of sheets as ods, for LibreOffice and for whoever must send open formats: what the xlsx has, cell by cell.

An ods file is a zip of a few XML parts (OASIS OpenDocument 1.3). The libraries that write it hold each cell as an
object and take ten to fifty times as long: see docs/decisions.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from html import escape

from dashboards.exports.sheets import Book, Sheet
from dashboards.exports.tidy import harmless

MIME = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible", "meta": "meta", "manifest": "manifest",
    }.items()
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What no XML may contain.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Column widths in cm: wide is for reading.
WIDTHS = {"wide": 18, "middle": 6, "narrow": 3}


def as_ods(book: Book, made_at: datetime) -> bytes:
    """Return the book as an ods file. made_at: of the release; the same book gives the same bytes."""
    parts = {
        "content.xml": "".join(_content(book)),
        "styles.xml": _styles(),
        "meta.xml": _meta(book, made_at),
        "META-INF/manifest.xml": _manifest(),
    }
    out = io.BytesIO()
    when = max(made_at, datetime(1980, 1, 1)).timetuple()[:6]
    with zipfile.ZipFile(out, "w") as archive:
        # First and uncompressed, so that the kind of file can be seen from its first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype", when), MIME, zipfile.ZIP_STORED)
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, when), DECLARATION + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _content(book: Book) -> Iterator[str]:
    yield f'<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>'
    for name, width in WIDTHS.items():
        yield (f'<style:style style:name="{name}" style:family="table-column">'
               f'<style:table-column-properties style:column-width="{width}cm"/></style:style>')  # fmt: skip
    for places in sorted({0, *(one for sheet in book.sheets for one in sheet.decimals.values())}):
        yield (f'<number:number-style style:name="N{places}"><number:number number:decimal-places="{places}" '
               f'number:min-decimal-places="{places}" number:min-integer-digits="1" number:grouping="true"/>'
               f'</number:number-style><style:style style:name="number{places}" style:family="table-cell" '
               f'style:parent-style-name="Default" style:data-style-name="N{places}"/>')  # fmt: skip
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield from _cover(book)
    sheets = [book.contents, book.notes_sheet, *book.sheets]
    for sheet in sheets:
        yield from _sheet(sheet, book)
    yield "<table:database-ranges>"
    for sheet in sheets:
        yield _marked_as_table(sheet)
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _cover(book: Book) -> Iterator[str]:
    yield '<table:table table:name="Cover"><table:table-column table:style-name="wide"/>'
    yield _row([_text(book.title, "Heading1")])
    for heading, lines in book.cover.items():
        yield _row([_text(heading, "Heading2")])
        for line in lines:
            yield _row([_text(line, "Reading")])
    yield "</table:table>"


def _sheet(sheet: Sheet, book: Book) -> Iterator[str]:
    yield f"<table:table table:name={_quoted(sheet.name)}>"
    for n in range(len(sheet.headings)):
        wide = sheet in (book.contents, book.notes_sheet) and n == 1
        style = "wide" if wide else "narrow" if n in sheet.decimals else "middle"
        yield f'<table:table-column table:style-name="{style}"/>'
    yield _row([_text(sheet.title, "Heading1")])
    for line in sheet.lines:
        yield _row([_text(line)])
    headings = _row([_text(heading, "Heading2") for heading in sheet.headings])
    yield f"<table:table-header-rows>{headings}</table:table-header-rows>"
    for row in sheet.rows:
        cells = [_cell(value, sheet.decimals.get(n)) for n, value in enumerate(row)]
        if sheet is book.contents:
            cells[0] = _link(row[0])
        elif sheet is book.notes_sheet:
            cells[1] = _text(row[1], "Reading")
        yield _row(cells)
    yield "</table:table>"


def _row(cells: list[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(value: int | float | str, places: int | None) -> str:
    if isinstance(value, str):
        return _text(value)
    return (f'<table:table-cell table:style-name="number{places or 0}" office:value-type="float" '
            f'office:value="{value!r}"><text:p>{value:,.{places or 0}f}</text:p></table:table-cell>')  # fmt: skip


def _text(text: str, style: str = "Default") -> str:
    return (f'<table:table-cell table:style-name="{style}" office:value-type="string">'
            f"<text:p>{_clean(harmless(text))}</text:p></table:table-cell>")  # fmt: skip


def _clean(text: str) -> str:
    return escape(CONTROL.sub("", text))


def _quoted(text: str) -> str:
    return f'"{_clean(text)}"'


def _link(name: str) -> str:
    return (f'<table:table-cell office:value-type="string"><text:p><text:a xlink:type="simple" '
            f"xlink:href={_quoted(f'#{name}.A1')}>{_clean(name)}</text:a></text:p></table:table-cell>")  # fmt: skip


def _marked_as_table(sheet: Sheet) -> str:
    top = len(sheet.lines) + 2
    last = f"{chr(ord('A') + len(sheet.headings) - 1)}{top + len(sheet.rows)}"
    address = _quoted(f"{sheet.name}.A{top}:{sheet.name}.{last}")
    return (f"<table:database-range table:name={_quoted(sheet.table_name)} "
            f'table:target-range-address={address} table:display-filter-buttons="true" '
            'table:contains-header="true"/>')  # fmt: skip


def _styles() -> str:
    cell = '<style:style style:name="{}" style:family="table-cell"{}>{}</style:style>'
    bold = '<style:text-properties fo:font-size="{}pt" fo:font-weight="bold"/>'
    wrap = '<style:table-cell-properties fo:wrap-option="wrap"/>'
    parent = ' style:parent-style-name="Default"'
    return (
        f'<office:document-styles {SPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="table-cell"><style:text-properties fo:language="en" fo:country="GB" '
        'fo:font-size="12pt" fo:font-family="Arial"/></style:default-style>'
        + cell.format("Default", "", "")
        + cell.format("Heading1", parent, bold.format(16))
        + cell.format("Heading2", parent, bold.format(12))
        + cell.format("Reading", parent, wrap)
        + "</office:styles></office:document-styles>"
    )


def _meta(book: Book, made_at: datetime) -> str:
    return (
        f'<office:document-meta {SPACES} office:version="1.3"><office:meta><dc:title>{_clean(book.title)}</dc:title>'
        f"<dc:language>en-GB</dc:language><meta:creation-date>{made_at.isoformat()}</meta:creation-date>"
        "</office:meta></office:document-meta>"
    )


def _manifest() -> str:
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    files = {"/": MIME, "content.xml": "text/xml", "styles.xml": "text/xml", "meta.xml": "text/xml"}
    entries = "".join(entry.format(*pair) for pair in files.items())
    return f'<manifest:manifest {SPACES} manifest:version="1.3">{entries}</manifest:manifest>'
