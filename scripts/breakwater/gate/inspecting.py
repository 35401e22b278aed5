"""What can be said of an offered file by itself, before the store is asked: its rows read, no identity in it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from breakwater.errors import Refusal
from breakwater.gate import identities, ledger, reading
from breakwater.gate.contract import Contract, contract_for
from breakwater.gate.reading import Field
from breakwater.gate.workspace import Workspace
from breakwater.manifest import Manifest, read_manifest, sha256_of


@dataclass
class Inspected:
    """One offered file: what it is, its SHA-256 in hex, its rows in the workspace, why it is refused.

    fields: none where the rows were not read, since the ledger already knew what becomes of the file.
    """

    path: Path
    space: Workspace
    told: Manifest | None
    sha256: str = ""
    contract: Contract | None = None
    fields: list[Field] | None = None
    refusal: str | None = None


def inspect(
    connection: duckdb.DuckDBPyConnection, path: Path, told: Manifest | None, space: Workspace
) -> Inspected:
    """Read one file and search it for identities; what speaks against it is in `refusal`.

    told: what it is, where no manifest beside it says so. The connection is not the one that lands, so that
    a file is inspected while the one before it lands.
    """
    file = Inspected(path, space, told)
    try:
        file.sha256 = sha256_of(path)
        file.told = read_manifest(path) or told
        _inspect(connection, file)
    except Refusal as refusal:
        file.refusal = refusal.message
    except duckdb.Error as error:  # its text may quote a value
        file.refusal = f"{path.name} cannot be checked ({type(error).__name__}): ask the sender for it again"
    return file


def read_rows(connection: duckdb.DuckDBPyConnection, file: Inspected) -> None:
    """Read the rows into the workspace, and raise Refusal when there is an identity among them."""
    file.space.open(connection)
    layout = file.told.layout
    file.fields = reading.read(connection, file.path, file.contract, layout, file.space)
    reading.find_odd(connection, file.fields, file.space)
    found = identities.search(connection, file.fields, file.contract, layout, file.space)
    if reading.has_broken_rows(connection, file.space):
        nowhere = [Field("(a broken row)", "other_0", None)]
        found += identities.search(connection, nowhere, file.contract, layout, file.space.broken_rows)
    if found:
        raise Refusal(_sentence(file.path.name, found))


def rows_offered(connection: duckdb.DuckDBPyConnection, file: Inspected) -> int:
    """Count the rows of a file: as read, else as its manifest says, else its lines below the header."""
    from breakwater.text_files import lines_below_header, scan

    try:
        table = file.space.offered if file.fields is not None else scan(file.path)
        return connection.execute(f"select count(*) from {table}").fetchone()[0]
    except (duckdb.Error, Refusal):
        told = file.told.rows if file.told else None
        return told if told is not None else lines_below_header(file.path)


def _inspect(connection: duckdb.DuckDBPyConnection, file: Inspected) -> None:
    name, told = file.path.name, file.told
    if told is None:
        raise Refusal(f"{name} has no manifest: say what it is with --extract, --layout, --period, --key-id")
    file.contract = contract_for(told.extract, told.layout, name)
    if told.sha256 is not None and told.sha256 != file.sha256:
        raise Refusal(f"{name} is not the file that its manifest describes (SHA-256): send both again")
    if not ledger.knows_outcome(connection, file.sha256, told):
        read_rows(connection, file)


def _sentence(name: str, findings: list[identities.Finding]) -> str:
    first = findings[0]
    others = [f"{found.kind} in {found.column} from line {found.line}" for found in findings[1:4]]
    more = f"; also {', '.join(others)}" if others else ""
    return (
        f"{name} is refused: column {first.column}, line {first.line} holds {first.kind}"
        f" ({first.rows:,} rows){more}; take identities out at the provider and send it again"
    )
