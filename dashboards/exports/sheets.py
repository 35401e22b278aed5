"""A measure as a book of sheets for people: cover, contents, notes, and one table a sheet. xlsx and ods both write it.

Rules: Government Analysis Function, 'Releasing statistics in spreadsheets': one table a sheet from A1, no merged
cells, no blank cells, shorthand in square brackets explained above its table.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from dashboards import words
from dashboards.exports.content import INVENTED, Content

# A sheet with more rows than this cannot be read; its series and areas are then cut into years as well.
MOST_ROWS = 20_000
ONE_TABLE = "This worksheet contains one table."


@dataclass(frozen=True)
class Sheet:
    """One table. lines: what stands above it. rows: texts and numbers. decimals: of the columns with numbers."""

    name: str
    title: str
    lines: list[str]
    headings: list[str]
    rows: list[list]
    decimals: dict[int, int]

    @property
    def table_name(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Book:
    """cover: headings with their paragraphs. notes: their texts in the order of their numbers."""

    title: str
    cover: dict[str, list[str]]
    notes: list[str]
    sheets: list[Sheet]

    @cached_property
    def contents(self) -> Sheet:
        rows = [[sheet.name, sheet.title, len(sheet.rows)] for sheet in self.sheets]
        headings = ["Sheet name", "Table", "Rows"]
        return Sheet("Contents", "Contents", [ONE_TABLE], headings, rows, {2: 0})

    @cached_property
    def notes_sheet(self) -> Sheet:
        rows = [[f"[note {n}]", note] for n, note in enumerate(self.notes, 1)]
        return Sheet("Notes", "Notes", [ONE_TABLE], ["Note", "Text"], rows, {})


def book(taken: Content) -> Book:
    """Return the book of what was taken of a measure."""
    about = taken.about()
    cover = {
        "Introductory information": [
            *([INVENTED] if taken.release.facts["synthetic"] else []),
            about["Definition"],
            about["Why it matters"],
        ],
        "About these data": [f"{name}: {text}" for name, text in about.items() if name not in SAID_ELSEWHERE],
        "Contact": [about["Owner"]],
    }
    title = f"{about['Measure']}, {about['Place']}"
    return Book(title, cover, _notes(about), _sheets(taken, len(_notes(about))))


SAID_ELSEWHERE = {"Notice", "Measure", "Place", "Definition", "Why it matters", "Owner"}
SHORTHAND = {
    "c": words.STATUS["c"],
    "x": words.STATUS["x"],
    "z": "does not apply",
    "low": "more than zero, but rounds to zero",
    "p": words.STATUS["p"],
}


def _notes(about: dict[str, str]) -> list[str]:
    shorthand = "; ".join(f"[{code}] {text}" for code, text in SHORTHAND.items())
    return [
        f"What these figures are not for. {about['What it is not for']}",
        f"How people are protected. {about['Disclosure control']}",
        "Figures do not add up. Each is rounded by itself: take a whole from its own row, and never put a number in "
        "place of [c].",
        "Lower and upper are the ends of the 95% interval: the range in which the true figure is likely to lie.",
        f"Shorthand. {shorthand}. A zero is a zero.",
    ]


def _sheets(taken: Content, notes: int) -> list[Sheet]:
    series = {
        (one["category_type"], one["category"]): one for one in taken.release.series(taken.measure["measure"])
    }
    order = list(series)
    period_types, area_types = list(words.PERIOD_TYPES), list(words.AREA_TYPES)

    def cut(cell: dict) -> tuple:
        return (
            order.index((cell["category_type"], cell["category"])),
            _place(period_types, cell["period_type"]),
            cell["deprivation_quintile"] != "all",
            _place(area_types, cell["area_type"]),
        )

    cells = sorted(taken.table.to_pylist(), key=lambda cell: (*cut(cell), *_within(cell)))
    parts = [part for _, found in groupby(cells, cut) for part in _readable(list(found))]
    return [
        _sheet(f"Table_{n}", part, series[part[0]["category_type"], part[0]["category"]], taken, notes)
        for n, part in enumerate(parts, 1)
    ]


def _place(order: list[str], value: str) -> tuple[int, str]:
    return (order.index(value) if value in order else len(order), value)


def _within(cell: dict) -> tuple:
    ages = words.age_order(cell["age_band"])
    areas = (cell["area_name"] or "", cell["area_code"], cell["deprivation_quintile"])
    return (cell["period_start"], *areas, ages, cell["sex"] != "all", cell["sex"])


def _readable(cells: list[dict]) -> list[list[dict]]:
    """Return the cells in as many parts as can be read: all together, or one a calendar year of their periods."""
    if len(cells) <= MOST_ROWS:
        return [cells]
    return [list(part) for _, part in groupby(cells, lambda cell: cell["period_start"].year)]


def _sheet(name: str, cells: list[dict], series: dict, taken: Content, notes: int) -> Sheet:
    first, last = cells[0], cells[-1]
    by_deprivation = first["deprivation_quintile"] != "all"
    cut = (
        "deprivation groups"
        if by_deprivation
        else words.AREA_TYPES.get(first["area_type"], first["area_type"])
    )
    every = words.PERIOD_TYPES[first["period_type"]]
    span = list(dict.fromkeys([first["period"], last["period"]]))
    title = f"{series['label']}: {cut.lower()}, {every.lower()}, {' to '.join(span)}"
    columns = _columns(series, by_deprivation)
    rows = [[told(cell) for told, _ in columns.values()] for cell in cells]
    decimals = {n: places for n, (_, places) in enumerate(columns.values()) if places is not None}
    used = {value for row in rows for value in row if isinstance(value, str) and value.startswith("[")}
    explained = [f"[{code}] {text}" for code, text in SHORTHAND.items() if f"[{code}]" in used]
    facts = taken.release.facts
    lines = [
        f"{ONE_TABLE} Notes: {''.join(f'[note {n}]' for n in range(1, notes + 1))} on the worksheet Notes.",
        f"Shorthand: {'; '.join(explained)}." if explained else "No shorthand is used in this table.",
        f"Source: {words.listed(taken.measure['source_extracts'])}; release {facts['release_id']}, data up to "
        f"{words.day(facts['data_up_to'])}."
        + (f" {INVENTED}" if facts["synthetic"] else ""),
    ]  # fmt: skip
    return Sheet(name, title, lines, list(columns), rows, decimals)


def _columns(series: dict, by_deprivation: bool) -> dict[str, tuple]:
    """Return heading -> (what it says of a cell, decimals of its numbers or None for a text)."""
    places = series["decimals"] or 0
    columns = {
        "Period": (lambda cell: cell["period"], None),
        "Area code": (lambda cell: cell["area_code"], None),
        "Area": (lambda cell: cell["area_name"] or cell["area_code"], None),
        "Age": (lambda cell: words.age(cell["age_band"]), None),
        "Sex": (lambda cell: words.SEXES.get(cell["sex"], cell["sex"]), None),
    }
    if by_deprivation:
        columns["Deprivation group, 1 most deprived"] = (lambda cell: cell["deprivation_quintile"], None)
    if series["kind"] != "count":
        columns[f"Number of {series['unit']}"] = (lambda cell: figure(cell, "numerator", 0), 0)
        columns["Out of"] = (lambda cell: figure(cell, "denominator", 0), 0)
    columns[f"Value, {series['value_label']}"] = (lambda cell: figure(cell, "value", places), places)
    if series["kind"] != "count":
        columns["Lower"] = (lambda cell: figure(cell, "lower", places), places)
        columns["Upper"] = (lambda cell: figure(cell, "upper", places), places)
    columns["Status"] = (_status, None)
    return columns


def figure(cell: dict, field: str, places: int) -> int | float | str:
    """Return a number of a cell, or the shorthand that stands in its place."""
    if not words.has_number(cell):
        return f"[{cell['status']}]"
    if cell[field] is None:
        return "[z]"
    return words.LOW if words.rounds_to_zero(cell[field], places) else cell[field]


def _status(cell: dict) -> str:
    return "shown" if cell["status"] == "shown" else f"[{cell['status']}]"
