"""Read CSV and Parquet as text, and say what is wrong with a file without quoting it."""

import re
from pathlib import Path

import duckdb

from breakwater.errors import Refusal

# What other tools separate columns by; a header without a comma that holds one of them is such a file's.
DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def scan(path: Path, source: Path | None = None, options: str = "") -> str:
    """Return the SQL table function that reads a file: comma-separated UTF-8 with a header, or Parquet.

    source: where the bytes of a Parquet file stand, if not in it; options: more arguments for Parquet.
    """
    quoted = "'" + str(source or path).replace("'", "''") + "'"
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({quoted}{options})"
    return (
        f"read_csv({quoted}, header = true, all_varchar = true, auto_detect = false, sample_size = -1,"
        f" delim = ',', quote = '\"', escape = '\"', columns = {_columns(path)}, strict_mode = true)"
    )


def header(path: Path, source: Path | None = None) -> list[str]:
    """Return the column names of a file as they are written in it; source: as in `scan`.

    Raises Refusal when it is empty, not UTF-8, or not Parquet.
    """
    if path.suffix.lower() == ".parquet":
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            try:
                return [
                    row[0] for row in connection.execute(f"describe from {scan(path, source)}").fetchall()
                ]
            except duckdb.Error as error:
                raise unreadable(path, error) from None
    return _csv_header(path)


def lines_below_header(path: Path) -> int:
    """Count the lines of a file that cannot be read as a table, less its header; none of a Parquet file."""
    if path.suffix.lower() == ".parquet":
        return 0
    with path.open("rb") as file:
        return max(sum(1 for line in file if line.strip()) - 1, 0)


def unreadable(path: Path, error: duckdb.Error) -> Refusal:
    """Return the sentence for a file that the engine could not read. Its own message may quote the row."""
    if found := re.search(r"Error on Line: (\d+)", str(error)):
        return Refusal(f"{path.name}, line {found[1]}: not as many columns as the header, or not UTF-8 text")
    kind = "Parquet" if path.suffix.lower() == ".parquet" else "comma-separated UTF-8 text with a header"
    return Refusal(f"{path.name} is not {kind}: ask the sender for it again")


def _csv_header(path: Path) -> list[str]:
    import csv

    try:
        # rows below may hold bytes that are no UTF-8: the header alone is held to it
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            names = next(csv.reader(file), [])
        "".join(names).encode()
    except UnicodeEncodeError:
        raise Refusal(f"{path.name} is not UTF-8 text: ask the sender for it in that encoding") from None
    except (OSError, csv.Error):
        raise Refusal(f"{path.name} cannot be read: ask the sender for it again") from None
    if len(names) == 1:
        for mark, word in DELIMITERS.items():
            if mark in names[0]:
                raise Refusal(f"{path.name} is separated by {word}: ask the sender for it with commas")
    if not any(name.strip() for name in names):
        raise Refusal(f"{path.name} is empty: ask the sender for it again")
    folded = [name.strip().lower() for name in names]
    if repeated := {name for name in folded if folded.count(name) > 1}:
        raise Refusal(f"{path.name} names {len(repeated)} of its columns twice: ask the sender for it again")
    return [name.strip() for name in names]


def _columns(path: Path) -> str:
    def quoted(name: str) -> str:
        return "'" + name.replace("'", "''") + "'"

    return "{" + ", ".join(f"{quoted(name)}: 'varchar'" for name in _csv_header(path)) + "}"
