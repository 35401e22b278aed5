"""Let one offered file through the gate: refused whole, unchanged, or landed in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from breakwater.errors import Refusal
from breakwater.gate import checking, identities, ledger, reading
from breakwater.gate.checking import ACCEPTED, FAULTS, Counts
from breakwater.gate.contract import Contract, contract_for
from breakwater.gate.expectations import SUITES, Expectations, Result
from breakwater.gate.ledger import Offer
from breakwater.gate.reading import ODD, OFFERED
from breakwater.manifest import Manifest, read_manifest, sha256_of


@dataclass(frozen=True)
class Outcome:
    """What became of an offer: landed, unchanged or refused; rows of it; the sentence where refused."""

    file_name: str
    outcome: str
    counts: Counts
    reason: str | None = None


def land(
    connection: duckdb.DuckDBPyConnection, path: Path, told: Manifest | None, suites: Expectations
) -> Outcome:
    """Offer one file; told: what it is, where no manifest beside it says so.

    Whatever happens is one row of ledger.files. A file is refused whole, and nothing of it is kept: its rows
    are in the memory of the connection until the transaction that lands them.
    """
    offer = Offer(0, path.name, "", told)
    results: list[Result] = []
    try:
        offer = Offer(0, path.name, sha256_of(path), read_manifest(path) or told)
        outcome, counts = _pass_gate(connection, path, offer, suites, results)
        return Outcome(path.name, outcome, counts)
    except Refusal as refusal:
        reason = refusal.message
    except duckdb.Error as error:  # its text may quote a value
        reason = f"{path.name} cannot be checked ({type(error).__name__}): ask the sender for it again"
    finally:
        _forget(connection, OFFERED, ODD, FAULTS, ACCEPTED)
    counts = Counts(_rows_offered(connection, path, offer.told), 0, 0)
    with transaction(connection):
        file_id = ledger.next_file_id(connection)
        refused = Offer(file_id, offer.file_name, offer.sha256, offer.told)
        ledger.record(connection, refused, "refused", (counts.offered, 0, 0), reason)
        ledger.record_results(connection, file_id, results)
    return Outcome(path.name, "refused", counts, reason)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block, or nothing of it."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _pass_gate(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    offer: Offer,
    suites: Expectations,
    results: list[Result],
) -> tuple[str, Counts]:
    """Take the file through every check, cheapest first; raise Refusal at the first that fails."""
    told = offer.told
    if told is None:
        raise Refusal(
            f"{path.name} has no manifest: say what it is with --extract, --layout, --period, --key-id"
        )
    contract = contract_for(told.extract, told.layout, path.name)
    _hold_to_manifest(connection, path, offer)
    if ledger.landed_before(connection, offer.sha256, told):
        return "unchanged", _keep_unchanged(connection, path, offer)
    fields = reading.read(connection, path, contract, told.layout)
    odd = reading.find_odd(connection, fields)
    if findings := identities.search(connection, fields, contract, told.layout):
        raise Refusal(_sentence(path.name, findings))
    counts = checking.check(connection, contract, told, odd)
    _hold_to_counts(connection, path.name, counts, contract, told)
    results += suites.run(SUITES / f"{told.extract}.yml", f"select * from {ACCEPTED}")
    if failed := [str(result) for result in results if not result.passed]:
        raise Refusal(f"{path.name} fails {len(failed)} expectations of its suite, first: {failed[0]}")
    _store(connection, contract, offer, odd, counts, results)
    return "landed", counts


def _store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    offer: Offer,
    odd: set[str],
    counts: Counts,
    results: list[Result],
) -> None:
    told = offer.told
    names = ", ".join(column.name for column in contract.columns)
    with transaction(connection):
        file_id = ledger.next_file_id(connection)
        if old := ledger.predecessor(connection, told):
            ledger.replace(connection, told.extract, old, file_id)
        connection.execute(
            f"insert into landed.{told.extract} ({names}, _file_id, _line)"
            f" select {names}, {file_id}, _line from {ACCEPTED} order by _line"
        )
        if counts.quarantined:
            checking.quarantine(connection, contract.columns_of(told.layout), odd, file_id)
        ledger.record_results(connection, file_id, results)
        landed = Offer(file_id, offer.file_name, offer.sha256, told)
        ledger.record(connection, landed, "landed", (counts.offered, counts.accepted, counts.quarantined))


def _keep_unchanged(connection: duckdb.DuckDBPyConnection, path: Path, offer: Offer) -> Counts:
    counts = Counts(_rows_offered(connection, path, offer.told), 0, 0)
    with transaction(connection):
        again = Offer(ledger.next_file_id(connection), offer.file_name, offer.sha256, offer.told)
        ledger.record(connection, again, "unchanged", (counts.offered, 0, 0))
    return counts


def _hold_to_manifest(connection: duckdb.DuckDBPyConnection, path: Path, offer: Offer) -> None:
    told = offer.told
    if told.sha256 is not None and told.sha256 != offer.sha256:
        raise Refusal(f"{path.name} is not the file that its manifest describes (SHA-256): send both again")
    if held := ledger.other_key_id(connection, told):
        raise Refusal(
            f"{path.name} is pseudonymised with key '{told.key_id}' and the store holds key '{held}': nobody"
            " would link; have it pseudonymised with that key, or land it into a store of its own"
        )


def _hold_to_counts(
    connection: duckdb.DuckDBPyConnection, name: str, counts: Counts, contract: Contract, told: Manifest
) -> None:
    if told.rows is not None and told.rows != counts.offered:
        raise Refusal(
            f"{name} has {counts.offered:,} rows and its manifest says {told.rows:,}: send it again"
        )
    if counts.offered == 0:
        raise Refusal(f"{name} has no rows: ask the sender for it again")
    if counts.quarantined > contract.bad_row_share * counts.offered:
        column, reason, rows = connection.execute(
            f"select column_name, reason, count(*) from {FAULTS} group by all order by 3 desc, 1, 2 limit 1"
        ).fetchone()
        raise Refusal(
            f"{name}: {counts.quarantined:,} of {counts.offered:,} rows break the contract, more than"
            f" {contract.bad_row_share:.0%}; most often {column} {reason} ({rows:,} rows)"
        )


def _sentence(name: str, findings: list[identities.Finding]) -> str:
    first = findings[0]
    others = [f"{found.kind} in {found.column} from line {found.line}" for found in findings[1:4]]
    more = f"; also {', '.join(others)}" if others else ""
    return (
        f"{name} is refused: column {first.column}, line {first.line} holds {first.kind}"
        f" ({first.rows:,} rows){more}; take identities out at the provider and send it again"
    )


def _rows_offered(connection: duckdb.DuckDBPyConnection, path: Path, told: Manifest | None) -> int:
    """Count the rows of a file that is not landed: as read, else as its manifest says, else none."""
    from breakwater.text_files import scan

    try:
        return connection.execute(f"select count(*) from {scan(path)}").fetchone()[0]
    except (duckdb.Error, Refusal):
        return (told.rows if told else None) or 0


def _forget(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    for table in tables:
        connection.execute(f"drop table if exists {table}")
