"""The story of one offered file: what it was, what became of its rows, what it replaced and what replaced it."""

from dataclasses import dataclass, field

import duckdb

from breakwater import account, register, settings
from breakwater.errors import Refusal
from breakwater.gate.contract import contracts

FILES = (
    "select file_id, file_name, extract, layout, period_start, period_end, key_id, sha256, offers, offered, accepted,"
    " quarantined, outcome, reason, replaced_by, strftime(landed_at, '%Y-%m-%d %H:%M') as at,"
    " strftime(last_offered_at, '%Y-%m-%d %H:%M') as last_at from ledger.files"
)


@dataclass(frozen=True)
class Story:
    """One row of the ledger in sentences, and its quarantined rows as (column, reason, rows, first line)."""

    title: str
    lines: list[str]
    quarantined: list[tuple[str, str, int, int]] = field(default_factory=list)


def stories(connection: duckdb.DuckDBPyConnection, name: str) -> list[Story]:
    """Return what is known of a file, by its name or its number in the ledger: one story an outcome, in order.

    Raises Refusal when no such file was offered.
    """
    if not account.has_ledger(connection):
        raise Refusal("nothing has landed yet: run `breakwater land`")
    condition = "file_id = try_cast($1 as bigint)" if name.isdigit() else "file_name = $1"
    result = connection.execute(f"{FILES} where {condition} order by file_id", [name])
    names = [column[0] for column in result.description]
    found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if not found:
        raise Refusal(f"no file `{name}` was offered: `breakwater status` lists all by number and name")
    return [_story(connection, file) for file in found]


def _story(connection: duckdb.DuckDBPyConnection, file: dict) -> Story:
    no = file["file_id"]
    what = "not known: it had no manifest"
    if file["extract"]:
        what = (
            f"{file['extract']}, layout {file['layout']}, {file['period_start']} to {file['period_end']},"
            f" key {file['key_id']}"
        )
    offered = f"at {file['at']}"
    if file["offers"] > 1:
        offered += f", and {file['offers'] - 1} times since with nothing new, last at {file['last_at']}"
    lines = [
        f"what         {what}",
        f"content      SHA-256 {file['sha256']}",
        f"offered      {offered}",
        f"outcome      {file['outcome']}{': ' + file['reason'] if file['reason'] else ''}",
        f"rows         {_rows(connection, file)}",
    ]
    for other, word in _others(connection, file):
        lines.append(f"{word:<12} {other}")
    passed, failed = connection.execute(
        "select count(*) filter (passed), count(*) filter (not passed) from ledger.expectations where file_id = $1",
        [no],
    ).fetchone()
    if passed + failed:
        lines.append(f"expectations {passed} met, {failed} not")
    quarantined = connection.execute(
        "select column_name, reason, count(*), min(line) from ledger.quarantine where file_id = $1"
        " group by all order by 3 desc, 1, 2",
        [no],
    ).fetchall()
    return Story(f"File {no}: {file['file_name']}", lines, quarantined)


def _rows(connection: duckdb.DuckDBPyConnection, file: dict) -> str:
    """Say where each row of one offer of the file is; the numbers add up to the rows offered."""
    offered, no = file["offered"], file["file_id"]
    if file["outcome"] in ("refused", "unchanged"):
        return f"{offered:,} offered, {offered:,} {file['outcome']}"
    told = f"{offered:,} offered: {file['accepted']:,} accepted, {file['quarantined']:,} quarantined"
    if file["outcome"] == "replaced":
        return f"{told}; the accepted ones are replaced"
    outdated = account.count_of_file(connection, "outdated", file["extract"], no)
    told += f"; of those accepted {file['accepted'] - outdated:,} stand"
    if outdated:
        told += f", {outdated:,} are said anew by files of later periods"
    dropped = _dropped(connection, file["extract"], no)
    if dropped is not None:
        told += f"; {dropped:,} of them dropped by permission"
    return told


def _others(connection: duckdb.DuckDBPyConnection, file: dict) -> list[tuple[str, str]]:
    """Return the files that this one replaced, and the one that replaced it."""
    found = connection.execute(
        "select file_id || ' (' || file_name || ')', 'replaced' from ledger.files where replaced_by = $1"
        " union all select file_id || ' (' || file_name || ')', 'replaced by' from ledger.files where file_id = $2",
        [file["file_id"], file["replaced_by"]],
    ).fetchall()
    return [(f"file {other}", word) for other, word in found]


def _dropped(connection: duckdb.DuckDBPyConnection, extract: str, no: int) -> int | None:
    """Count the landed rows of a file that staging leaves out; None until a build has staged what is in store.

    Asked of who is permitted, as the macro `permitted` does: staging does not know files.
    """
    if extract == "permissions" or not account.is_built(connection):
        return None
    uses = register.load(settings.PROJECT).as_vars()["register"].get(extract, {})
    consent = " and social_care_permitted" if uses.get("commissioning") else ""
    person = contracts()[extract].person_key
    return connection.execute(
        f"select count(*) from landed.{extract} as landed where _file_id = $1 and not exists ("
        f"from staging.stg_permitted_people as permitted where permitted.person_key = landed.{person}"
        f" and purpose = 'commissioning'{consent})",
        [no],
    ).fetchone()[0]
