"""The one way from a release to a file: every download and every export goes through `make`."""

import io
import textwrap
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from dashboards import words
from dashboards.exports import on_the_web, sheets, tidy
from dashboards.exports.content import ATTRIBUTION, INVENTED, Content
from dashboards.release import Release


@dataclass(frozen=True)
class Form:
    """A kind of file: what a reader calls it, and its type on the web."""

    label: str
    mime: str


FORMS = {
    "xlsx": Form("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": Form("OpenDocument", "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": Form("CSV", "text/csv"),
    "parquet": Form("Parquet", "application/vnd.apache.parquet"),
}


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


@dataclass(frozen=True)
class Taken:
    """What was taken, for whoever keeps account of it: no figure and no value of a person is in it."""

    release_id: str
    measure: str
    where: dict
    form: str
    figures: int
    sha256: str


def make(
    release: Release, form: str, measure: str, where: dict | None = None, *,
    stem: str | None = None, told: Callable[[Taken], None] | None = None,
) -> list[File]:  # fmt: skip
    """Return the figures of a measure, or those of them that `where` selects, as a file of a form of FORMS.

    A CSV file comes with the file that describes it. where: dimension -> value or list of values.
    stem: of the file's name; the measure otherwise. told: is given what was taken, once it is made.
    Raises ValueError on a measure, form or dimension that is not there.
    """
    if form not in FORMS:
        raise ValueError(f"no form {form}; there are {', '.join(FORMS)}")
    entry = next((one for one in release.measures if one["measure"] == measure), None)
    if entry is None:
        raise ValueError(f"the release has no measure {measure}")
    if "measure" in (where or {}):
        raise ValueError("a selection is within one measure")
    content = Content(release, entry, where or {})
    files = _files(content, form, stem or measure)
    if told is not None:
        facts = (release.facts["release_id"], measure, content.where, form, content.table.num_rows)
        told(Taken(*facts, tidy.digest(files[0].data)))
    return files


def _files(content: Content, form: str, stem: str) -> list[File]:
    name, made_at = f"{stem}.{form}", content.release.facts["made_at"]
    if form == "csv":
        return [File(name, content.csv), File(name + on_the_web.SUFFIX, on_the_web.metadata(content, name))]
    if form == "parquet":
        entries = {
            "release": content.release.facts,
            "measure": content.measure,
            "series": content.release.series(content.measure["measure"]),
            "shorthand": words.STATUS,
        }
        return [File(name, tidy.as_parquet(content.table, content.about(), entries))]
    # Imported where they are needed: pages open without them.
    if form == "ods":
        from dashboards.exports.opendocument import as_ods

        return [File(name, as_ods(sheets.book(content), made_at))]
    from dashboards.exports.workbook import as_xlsx

    return [File(name, as_xlsx(sheets.book(content), made_at))]


def everything(release: Release, form: str, told: Callable[[Taken], None] | None = None) -> list[File]:
    """Return all measures in a form, their papers, and checksums in the format of sha256sum."""
    files = [file for one in release.measures for file in make(release, form, one["measure"], told=told)]
    files += papers(release)
    sums = "".join(f"{tidy.digest(file.data)}  {file.name}\n" for file in files)
    return [*files, File("SHA256SUMS", sums.encode())]


def papers(release: Release) -> list[File]:
    """Return what goes beside the files of any measures: the catalogue, and a note on how to use them."""
    return [File("catalogue.csv", tidy.catalogue(release)), File("README.txt", readme(release))]


def as_zip(files: list[File]) -> bytes:
    """Return the files in one archive, for a download that is one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def readme(release: Release) -> bytes:
    """Return the note in plain text that goes with files: what they are, and how not to misread them."""
    facts = release.facts
    rules = textwrap.wrap(" ".join(facts["rules"].split()), 96, initial_indent="  ", subsequent_indent="  ")
    policy = ", ".join(f"{name} {value}" for name, value in facts["policy"].items())
    lines = [
        f"Release {facts['release_id']} of {facts['place_name']}, made {facts['made_at']:%Y-%m-%d}, "
        f"data up to {facts['data_up_to']}, by Breakwater {facts['software_version']}",
        "",
        *([INVENTED, ""] if facts["synthetic"] else []),
        ATTRIBUTION,
        "",
        "How people are protected",
        *rules,
        f"  Policy: {policy}",
        "",
        "Meaning of the status column, and of shorthand in spreadsheets",
        "  shown   shown",
        *(f"  [{code}]{' ' * (6 - len(code))}{text}" for code, text in sheets.SHORTHAND.items()),
        "  In CSV and Parquet the numbers of a row with status c or x are empty. A zero is a zero.",
        "",
        "The value 'all' in a column says that the figure is not cut by it. catalogue.csv says",
        "what each measure is, what it is not for, and where it comes from.",
        "",
        "Checksums: sha256sum -c SHA256SUMS",
        "",
    ]
    return "\n".join(lines).encode()
