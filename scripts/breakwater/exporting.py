"""Released figures as files: one table a measure, the catalogue, and a note that says how to use them."""

import hashlib
import json
import textwrap
from pathlib import Path

import duckdb

from breakwater.errors import Refusal

LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0"
SHORTHAND = {
    "shown": "shown",
    "p": "earlier figure, kept until a revision is large enough to be shown",
    "c": "withheld to protect people",
    "x": "not yet known",
}
# Names beside the codes, so that a row can be read by itself; the numbers are the release's, untouched.
TABLE = """
select release.release_id, c.measure, s.label as series, s.value_label as unit_of_value, c.period_type,
    c.period_start, c.area_type, c.area_code, a.area_name, c.age_band, c.sex, c.deprivation_quintile,
    c.category_type, c.category, c.numerator, c.denominator, c.value, c.lower, c.upper, c.status,
    case c.status {meanings} end as status_text
from cells as c
join series as s using (measure, category_type, category)
left join areas as a using (area_code)
cross join release
where c.measure = ?
order by c.category_type, c.category, c.period_type, c.period_start, c.area_type, c.area_code,
    c.deprivation_quintile, c.age_band, c.sex
"""
CATALOGUE = """
select m.*, s.* exclude (measure, position)
from measures as m join series as s using (measure)
order by m.position, s.position
"""


def export(folder: Path, wanted: list[str], file_format: str, out: Path) -> tuple[list[Path], int]:
    """Write <measure>.csv or .parquet, catalogue.csv and README.txt into `out`; return files and rows.

    folder: of a release. wanted: names of measures, all if empty. Raises Refusal if a measure is not in
    the release or the folder cannot be written.
    """
    with duckdb.connect(str(folder.resolve() / "release.duckdb"), read_only=True) as connection:
        known = connection.execute("select measure from measures order by position").fetchall()
        known = [name for (name,) in known]
        if unknown := [name for name in wanted if name not in known]:
            raise Refusal(f"the release has no measure {unknown[0]!r}; it has {', '.join(known)}.")
        try:
            out.mkdir(parents=True, exist_ok=True)
            return _export(
                connection, [name for name in known if not wanted or name in wanted], file_format, out
            )
        except OSError as problem:
            raise Refusal(f"cannot write into {out}: {problem.strerror}.") from None


def _export(connection, measures: list[str], file_format: str, out: Path) -> tuple[list[Path], int]:
    facts = _one(connection, "select * from release")
    files, rows = [], 0
    for measure in measures:
        table = _table(connection, measure)
        about = _metadata(connection, facts, measure)
        files.append(_write(connection, table, out / f"{measure}.{file_format}", about))
        rows += table.num_rows
    catalogue = connection.execute(CATALOGUE).to_arrow_table()
    files.append(_write(connection, catalogue, out / "catalogue.csv", {}))
    readme = out / "README.txt"
    readme.write_text(_readme(facts, files), encoding="utf-8")
    return [*files, readme], rows


def _one(connection: duckdb.DuckDBPyConnection, sql: str, *values) -> dict:
    found = connection.execute(sql, list(values))
    return dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))


def _table(connection: duckdb.DuckDBPyConnection, measure: str):
    meanings = " ".join(f"when '{status}' then '{text}'" for status, text in SHORTHAND.items())
    return connection.execute(TABLE.format(meanings=meanings), [measure]).to_arrow_table()


def _metadata(connection: duckdb.DuckDBPyConnection, facts: dict, measure: str) -> dict[str, str]:
    """Return what a Parquet file carries about itself: release, policy, definition, licence."""
    entry = _one(connection, "select * from measures where measure = ?", measure)
    named = {"release": facts, "measure": entry, "shorthand": SHORTHAND}
    return {key: json.dumps(value, default=str) for key, value in named.items()} | {"licence": LICENCE}


def _write(connection: duckdb.DuckDBPyConnection, table, path: Path, metadata: dict[str, str]) -> Path:
    """Write a table whole or not at all: a script that fetches the file never sees half of one."""
    import pyarrow.parquet

    beside = path.with_name(f".{path.name}.part")
    if path.suffix == ".parquet":
        described = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
        pyarrow.parquet.write_table(described, beside, compression="zstd")
    else:
        connection.from_arrow(table).write_csv(str(beside), header=True)
    return beside.replace(path)


def _readme(facts: dict, files: list[Path]) -> str:
    sums = [f"  {hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    invented = ["These figures are about invented people. They must not be used for decisions.", ""]
    return "\n".join([
        f"Release {facts['release_id']} of {facts['place_name']}, made {facts['made_at']:%Y-%m-%d}, "
        f"data up to {facts['data_up_to']}, by Breakwater {facts['software_version']}",
        "",
        *(invented if facts["synthetic"] else []),
        f"{LICENCE}.",
        "",
        "How people are protected",
        *textwrap.wrap(facts["rules"].replace("\n", " "), 96, initial_indent="  ", subsequent_indent="  "),
        f"  Policy as data: {facts['policy']}",
        "",
        "Meaning of the status column",
        *(f"  {status:<6} {text}" for status, text in SHORTHAND.items()),
        "  The numbers of a row with c or x are empty. A zero is a zero.",
        "",
        "The value 'all' in a column says that the figure is not cut by it. catalogue.csv says",
        "what each measure is, what it is not for, and where it comes from.",
        "",
        "SHA-256 of the files",
        *sums,
        "",
    ])  # fmt: skip
