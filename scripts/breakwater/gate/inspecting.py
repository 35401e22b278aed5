"""What can be said of an offered file by itself, before the store is asked: its rows read, no identity in it, its bad
rows aside."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from breakwater.errors import Refusal
from breakwater.gate import checking, identities, ledger, reading
from breakwater.gate.checking import Counts
from breakwater.gate.content import Content
from breakwater.gate.contract import Contract, contract_for
from breakwater.gate.expectations import Result
from breakwater.gate.reading import Field
from breakwater.gate.workspace import Workspace
from breakwater.manifest import Manifest, read_manifest


@dataclass
class Inspected:
    """One offered file: what it is, its bytes, its rows in the workspace and how many are good, why it is refused.

    fields, counts: none where the rows were not read, since the ledger already knew what becomes of the file.
    results: what its suite found; none where it was not run.
    """

    path: Path
    space: Workspace
    told: Manifest | None
    content: Content | None = None
    contract: Contract | None = None
    fields: list[Field] | None = None
    counts: Counts | None = None
    results: list[Result] = field(default_factory=list)
    refusal: str | None = None

    @property
    def sha256(self) -> str:
        return self.content.sha256 if self.content else ""

    def clear(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Forget rows and bytes."""
        self.space.clear(connection)
        if self.content:
            self.content.close()


def inspect(
    connection: duckdb.DuckDBPyConnection, path: Path, told: Manifest | None, space: Workspace
) -> Inspected:
    """Read one file, search it, hold its rows to the contract; what speaks against it is in `refusal`.

    told: what it is, where no manifest beside it says so. The connection is not the one that lands, so that
    a file is inspected while the one before it lands.
    """
    file = Inspected(path, space, told)
    try:
        file.content = Content.of(path)
        file.told = read_manifest(path) or told
        _inspect(connection, file)
    except Refusal as refusal:
        file.refusal = refusal.message
    except duckdb.Error as error:  # its text may quote a value
        file.refusal = cannot_be_checked(path, error)
    return file


def read_rows(connection: duckdb.DuckDBPyConnection, file: Inspected) -> None:
    """Read the rows into the workspace and divide them; raise Refusal when there is an identity among them."""
    file.space.open(connection)
    layout = file.told.layout
    file.fields = reading.read(connection, file.content, file.contract, layout, file.space)
    found = identities.search(connection, file.fields, file.contract, layout, file.space)
    if reading.has_broken_rows(connection, file.space):
        nowhere = [Field("(a broken row)", "other_0", None)]
        found += identities.search(connection, nowhere, file.contract, layout, file.space.broken_rows)
    if found:
        raise Refusal(_sentence(file.path.name, found))
    file.counts = checking.check(connection, file.contract, file.told, file.fields, file.space)


def cannot_be_checked(path: Path, error: duckdb.Error) -> str:
    return f"{path.name} cannot be checked ({type(error).__name__}): ask the sender for it again"


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
