"""Let offered files through the gate, in their order: refused whole, unchanged, or landed in one transaction."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from breakwater.errors import Refusal
from breakwater.gate import checking, corrections, ledger
from breakwater.gate.checking import Counts
from breakwater.gate.contract import Contract
from breakwater.gate.expectations import SUITES, Expectations, Result
from breakwater.gate.inspecting import Inspected, cannot_be_checked, inspect, read_rows, rows_offered
from breakwater.gate.ledger import Offer
from breakwater.gate.workspace import Workspace
from breakwater.manifest import Manifest
from breakwater.warehouse import transaction

AHEAD = 3  # files in work at a time: one that lands, one that its suite looks at, one that is inspected


@dataclass(frozen=True)
class Outcome:
    """What became of an offer: landed, unchanged or refused; rows of it; the sentence where there is one to say."""

    file_name: str
    outcome: str
    counts: Counts
    reason: str | None = None


def land_all(
    connection: duckdb.DuckDBPyConnection, paths: list[Path], told: Manifest | None, suites: Expectations
) -> Iterator[Outcome]:
    """Offer files one after the other; told: what they are, where no manifest beside one says so.

    While a file lands, the next passes its suite and the one after it is inspected: nothing of that depends on the
    store. The engine works in the thread that asks it, so each of the three has a processor of its own, where there
    are as many, and no file waits for threads that wait for one another.
    """
    connection.execute(f"set threads = {max(1, (os.cpu_count() or 1) // 2)}")
    with (
        connection.cursor() as cursor,
        connection.cursor() as judging,
        ThreadPoolExecutor(1, "inspect") as inspector,
        ThreadPoolExecutor(1, "judge") as judge,
    ):
        cursor.execute("use warehouse")

        def start(place: int, path: Path) -> Future[Inspected]:
            space = Workspace.of(path, f"offer_{place % AHEAD}")
            inspected = inspector.submit(inspect, cursor, path, told, space)
            return judge.submit(lambda: _judge(judging, inspected.result(), suites))

        coming = enumerate(paths)
        waiting = deque(start(*each) for each in islice(coming, AHEAD))
        while waiting:
            outcome = land(connection, waiting.popleft().result(), suites)
            waiting.extend(start(*each) for each in islice(coming, 1))
            yield outcome


def land(connection: duckdb.DuckDBPyConnection, file: Inspected, suites: Expectations) -> Outcome:
    """Land one inspected file, or refuse it. Whatever happens is told by one row of ledger.files.

    A file is refused whole, and nothing of it is kept: its rows are in memory until the transaction that
    lands them.
    """
    results: list[Result] = []
    try:
        return Outcome(file.path.name, *_pass_gate(connection, file, suites, results))
    except Refusal as refusal:
        reason = refusal.message
        counts = Counts(rows_offered(connection, file), 0, 0)
    except duckdb.Error as error:  # its text may quote a value
        reason = cannot_be_checked(file.path, error)
        counts = Counts(rows_offered(connection, file), 0, 0)
    finally:
        file.clear(connection)
    with transaction(connection):
        ledger.record(connection, _offer(file), "refused", counts, reason, results)
    return Outcome(file.path.name, "refused", counts, reason)


def _pass_gate(
    connection: duckdb.DuckDBPyConnection, file: Inspected, suites: Expectations, results: list[Result]
) -> tuple[str, Counts, str | None]:
    """Take an inspected file through the rest of the checks; raise Refusal at the first that fails.

    Returns the outcome, its rows, and why a file that was replaced is not taken back.
    """
    if file.refusal:
        raise Refusal(file.refusal)
    told, contract, space = file.told, file.contract, file.space
    _hold_to_key(connection, file)
    if before := ledger.landed_before(connection, file.sha256, told):
        counts = Counts(rows_offered(connection, file), 0, 0)
        with transaction(connection):
            ledger.record(connection, _offer(file), "unchanged", counts)
        return "unchanged", counts, _replaced_since(connection, file, before)
    if file.fields is None:  # what the ledger knew when the file was inspected holds no longer
        read_rows(connection, file)
    counts = checking.add_keys_of_other_periods(connection, contract, told, space, file.counts)
    _hold_to_counts(connection, file, counts)
    if counts != file.counts or not file.results:  # its suite has not seen just these rows
        file.results = _run_suite(file, suites)
    results += file.results
    if failed := [str(result) for result in results if not result.passed]:
        raise Refusal(f"{file.path.name} fails {len(failed)} expectations of its suite, first: {failed[0]}")
    _store(connection, file, counts, results)
    return "landed", counts, None


def _judge(connection: duckdb.DuckDBPyConnection, file: Inspected, suites: Expectations) -> Inspected:
    """Run the suite over the rows that are good by themselves, unless too many are not.

    What goes wrong goes wrong again when the file is to land, and is told then, in its turn.
    """
    if file.refusal is None and file.counts is not None:
        with suppress(Refusal, duckdb.Error):
            _hold_to_counts(connection, file, file.counts)
            file.results = _run_suite(file, suites)
    return file


def _run_suite(file: Inspected, suites: Expectations) -> list[Result]:
    return suites.run(SUITES / f"{file.told.extract}.yml", f"select * from {file.space.accepted}")


def _store(
    connection: duckdb.DuckDBPyConnection, file: Inspected, counts: Counts, results: list[Result]
) -> None:
    extract = file.told.extract
    names = ", ".join(column.name for column in file.contract.columns)
    with transaction(connection):
        file_id = ledger.next_file_id(connection)
        if old := ledger.predecessor(connection, file.told):
            ledger.replace(connection, extract, old, file_id)
        (stored,) = connection.execute(
            f"insert into landed.{extract} ({names}, _file_id, _line)"
            f" select {names}, {file_id}, _line from {file.space.accepted}"
        ).fetchone()
        if stored != counts.accepted:
            raise Refusal(f"{file.path.name}: {counts.accepted:,} rows accepted and {stored:,} stored")
        if counts.quarantined:
            checking.quarantine(connection, file.fields, file_id, file.space)
        ledger.record(connection, _offer(file), "landed", counts, results=results)
        corrections.settle(connection, file.contract, file_id)


def _offer(file: Inspected) -> Offer:
    return Offer(file.path.name, file.sha256, file.told)


def _replaced_since(connection: duckdb.DuckDBPyConnection, file: Inspected, before: int) -> str | None:
    by = ledger.successor(connection, before)
    if by is None:
        return None
    return (
        f"{file.path.name} landed before, as file {before}, and was replaced by file {by}: nothing is changed; to take"
        " that back, send its rows in another order"
    )


def _hold_to_key(connection: duckdb.DuckDBPyConnection, file: Inspected) -> None:
    if held := ledger.other_key_id(connection, file.told):
        raise Refusal(
            f"{file.path.name} is pseudonymised with key '{file.told.key_id}' and the store holds key"
            f" '{held}': nobody would link; have it pseudonymised with that key, or land it into a store of"
            " its own"
        )


def _hold_to_counts(connection: duckdb.DuckDBPyConnection, file: Inspected, counts: Counts) -> None:
    name, told, contract = file.path.name, file.told, file.contract
    if told.rows is not None and told.rows != counts.offered:
        raise Refusal(
            f"{name} has {counts.offered:,} rows and its manifest says {told.rows:,}: send it again"
        )
    if counts.offered == 0:
        raise Refusal(f"{name} has no rows: ask the sender for it again")
    if counts.quarantined > contract.bad_row_share * counts.offered:
        column, reason, rows = connection.execute(
            f"select column_name, reason, count(*) from {file.space.faults} group by all"
            " order by 3 desc, 1, 2 limit 1"
        ).fetchone()
        raise Refusal(
            f"{name}: {counts.quarantined:,} of {counts.offered:,} rows break the contract, more than"
            f" {contract.bad_row_share:.0%}; most often {column} {reason} ({rows:,} rows)"
            + _held_by(connection, file, contract, reason)
        )


def _held_by(connection: duckdb.DuckDBPyConnection, file: Inspected, contract: Contract, reason: str) -> str:
    """Return, where keys of other periods are the fault, the file that holds most of them, in words."""
    if "of a row of another" not in reason:
        return ""
    key = contract.key.name
    name, first, last = connection.execute(
        f"select file_name, period_start, period_end from landed.{contract.extract}"
        f" inner join ledger.files on file_id = _file_id where {key} in (select {key} from {file.space.offered}"
        f" where {file.space.line} in (select line from {file.space.faults} where reason = $1))"
        " and (period_start, period_end) <> ($2::date, $3::date) group by all order by count(*) desc, 1 limit 1",
        [reason, file.told.period_start, file.told.period_end],
    ).fetchone()
    return f"; most stand in {name} ({first} to {last}): supply that period again, or send what is not in it"
