"""Tables for programs: one row a figure, numbers in columns of their own, and a status that explains an empty one."""

import hashlib
import io
import json

import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

from dashboards import words

# Name -> type in CSV on the Web, and what it is.
COLUMNS = {
    "release_id": ("string", "The release"),
    "measure": ("string", "Name of the measure"),
    "series": ("string", "What the figure is, in words"),
    "unit_of_value": ("string", "Unit of value, lower and upper"),
    "period_type": ("string", "year (from 1 April), quarter, month, or mid_year (a count on 30 June)"),
    "period": ("string", "The period in words"),
    "period_start": ("date", "First day of the period; the day itself for mid_year"),
    "area_type": ("string", "place, locality, ward, small_area (LSOA of 2021) or practice"),
    "area_code": ("string", "Code of the area"),
    "area_name": ("string", "Name of the area"),
    "age_band": ("string", "Ages in years; all where the figure is not cut by age"),
    "sex": ("string", "female, male, or all where the figure is not cut by sex"),
    "deprivation_quintile": ("string", "1 (most deprived fifth of England) to 5 (least deprived), or all"),
    "category_type": ("string", "Kind of the series"),
    "category": ("string", "The series within its kind"),
    "numerator": ("integer", "Count, rounded"),
    "denominator": ("integer", "What the count is out of"),
    "value": ("double", "The count, the rate or the percentage"),
    "lower": ("double", "Lower end of the 95% interval"),
    "upper": ("double", "Upper end of the 95% interval"),
    "status": ("string", "Whether the figure is shown, and why not: see the shorthand"),
    "status_text": ("string", "The status in words"),
}
# One row a cell: by these columns it is known.
KEY = ("release_id", "measure", "category_type", "category", "period_type", "period_start", "area_type", "area_code",
       "age_band", "sex", "deprivation_quintile")  # fmt: skip
# What a spreadsheet takes for the beginning of a formula.
FORMULA = r"^[=+\-@\t\r]"


def harmless(text: str) -> str:
    """Return a text as it may stand in a cell: a spreadsheet would run one that begins like a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


def arranged(figures: pyarrow.Table) -> pyarrow.Table:
    """Return the figures of a release in the order of COLUMNS, with periods and status in words too."""
    rows = zip(figures["period_type"].to_pylist(), figures["period_start"].to_pylist(), strict=True)
    periods = [words.period(*row) for row in rows]
    status = [words.STATUS[code] for code in figures["status"].to_pylist()]
    figures = figures.append_column("period", pyarrow.array(periods, pyarrow.string()))
    figures = figures.append_column("status_text", pyarrow.array(status, pyarrow.string()))
    return figures.select(list(COLUMNS))


def as_csv(table: pyarrow.Table) -> bytes:
    """Return CSV in UTF-8, numbers in full, nothing where there is none."""
    for n, name in enumerate(table.column_names):
        column = table[name]
        if not pyarrow.types.is_string(column.type):
            continue
        risky = pyarrow.compute.fill_null(pyarrow.compute.match_substring_regex(column, FORMULA), False)
        if pyarrow.compute.any(risky).as_py():
            quoted = pyarrow.compute.binary_join_element_wise("'", column, "")
            table = table.set_column(n, name, pyarrow.compute.if_else(risky, quoted, column))
    out = io.BytesIO()
    pyarrow.csv.write_csv(table, out, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return out.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def as_parquet(table: pyarrow.Table, about: dict[str, str], entries: dict[str, object]) -> bytes:
    """Return Parquet whose footer says what `about` says, and holds entries of the release as JSON."""
    footer = {**about, **{name: json.dumps(entry, default=str) for name, entry in entries.items()}}
    out = io.BytesIO()
    pyarrow.parquet.write_table(
        table.replace_schema_metadata({**(table.schema.metadata or {}), **footer}), out, compression="zstd"
    )
    return out.getvalue()


def catalogue(release) -> bytes:
    """Return the catalogue as CSV: one row a series, with what its measure is and what it is not for."""
    rows = [
        {**measure, **{k: v for k, v in series.items() if k not in ("measure", "position")}}
        for measure in release.measures
        for series in release.series(measure["measure"])
    ]
    return as_csv(
        pyarrow.Table.from_pylist([{k: v for k, v in row.items() if k != "position"} for row in rows])
    )
