"""Turn one identifiable extract into its pseudonymised form and manifest, inside DuckDB."""

import hashlib
import hmac
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from breakwater import manifest as manifests
from breakwater import text_files
from breakwater.errors import Refusal
from breakwater.gate.contract import Column, contract_for
from breakwater.manifest import Manifest
from breakwater.pseudonyms.key import PseudonymKey
from breakwater.pseudonyms.transform import LOOKED_UP, select_list


@dataclass(frozen=True)
class Source:
    """An identifiable file and what it is; the key id is that of the key to be used."""

    path: Path
    told: Manifest


class Pseudonymiser:
    """One run with one key and one postcode lookup, over many files; a connection in memory."""

    def __init__(self, key: PseudonymKey, lookup: Path | None, scratch: Path) -> None:
        self.key, self.lookup, self.scratch = key, lookup, scratch

    def run(self, work: list[tuple[Source, Path]]) -> Iterator[int]:
        """Write each target (.parquet or .csv) and its manifest; yield its rows, or -1 when nothing changed.

        As many files at a time as there are processors, each read, transformed and written in one stream by
        one thread: that keeps the order of rows, by which the provider finds the one that the gate names.
        Columns that the contract does not name are left behind.

        Raises Refusal when a column is missing, a file cannot be read, or a postcode lookup is needed.
        """
        columns = [_columns(source) for source, _ in work]
        made_by = {c.made_from[1] for some in columns for c in some if c.made_from}
        settings = {"temp_directory": str(self.scratch / "spill"), "threads": 1}
        with (
            duckdb.connect(":memory:", config=settings) as connection,
            ThreadPoolExecutor(os.cpu_count()) as threads,
        ):
            areas = sorted(LOOKED_UP[how] for how in made_by if how in LOOKED_UP)
            _load_postcodes(connection, self.lookup, areas)
            tasks = [
                threads.submit(self._make, connection.cursor(), source, some, target)
                for (source, target), some in zip(work, columns, strict=True)
            ]
            try:
                for task in tasks:
                    yield task.result()
            finally:
                threads.shutdown(cancel_futures=True)

    def _make(
        self,
        connection: duckdb.DuckDBPyConnection,
        source: Source,
        columns: tuple[Column, ...],
        target: Path,
    ) -> int:
        """Make one file and its manifest; both come into place by rename, the manifest last."""
        digest = _source_digest(source, self.key, self.lookup, target)
        before = manifests.read_manifest(target) if target.exists() else None
        if before and before.key_id == self.key.id and before.source_digest == digest:
            return -1
        part = self.scratch / source.told.extract / target.name
        part.parent.mkdir(exist_ok=True)
        rows = self._write(connection, source, columns, part)
        target.parent.mkdir(parents=True, exist_ok=True)
        part.chmod(0o600)
        manifest = replace(
            source.told,
            rows=rows,
            sha256=manifests.sha256_of(part),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            source_digest=digest,
        )
        part.replace(target)
        manifests.write_manifest(target, manifest)
        return rows

    def _write(
        self,
        connection: duckdb.DuckDBPyConnection,
        source: Source,
        columns: tuple[Column, ...],
        part: Path,
    ) -> int:
        inner, outer = self.key.pads()
        connection.execute("set variable inner_pad = $1::blob", [inner])
        connection.execute("set variable outer_pad = $1::blob", [outer])
        form = "format parquet, compression zstd" if part.suffix == ".parquet" else "format csv, header"
        names = text_files.header(source.path)
        texts = ", ".join(f'"{name}"::varchar as "{name}"' for name in names)
        try:
            return connection.execute(
                f"copy (select {select_list(columns, names)}"
                f" from (select {texts} from {text_files.scan(source.path)}) as source)"
                f" to '{str(part).replace(chr(39), chr(39) * 2)}' ({form})"
            ).fetchone()[0]
        except duckdb.IOException:
            raise Refusal(
                f"{source.path.name}: its pseudonymised form cannot be written; is the disk full?"
            ) from None
        except duckdb.Error as error:
            raise text_files.unreadable(source.path, error) from None


def _columns(source: Source) -> tuple[Column, ...]:
    name = source.path.name
    contract = contract_for(source.told.extract, source.told.layout, name)
    columns = contract.columns_of(source.told.layout)
    present = {column.lower() for column in text_files.header(source.path)}
    needed = {column.made_from[0] if column.made_from else column.file for column in columns}
    if missing := sorted(column for column in needed if column.lower() not in present):
        raise Refusal(f"{name} has no column {', '.join(missing)}, which {source.told.layout} needs")
    return columns


def _load_postcodes(connection: duckdb.DuckDBPyConnection, lookup: Path | None, areas: list[str]) -> None:
    """Make the table `lookup` (code and these areas), one row a postcode without spaces, from the file."""
    if not areas:
        return
    if lookup is None:
        raise Refusal(
            f"no postcode lookup: give --lookup with a file of the columns postcode and {' and '.join(areas)}"
        )
    if missing := {"postcode", *areas} - {name.lower() for name in text_files.header(lookup)}:
        raise Refusal(f"{lookup.name} has no column {', '.join(sorted(missing))}")
    wanted = ", ".join(f"any_value({area}) as {area}" for area in areas)
    connection.execute(
        "create table lookup as"
        f" select regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g') as code, {wanted}"
        f" from {text_files.scan(lookup)} group by code"
    )


def _source_digest(source: Source, key: PseudonymKey, lookup: Path | None, target: Path) -> str:
    """Digest all that the result depends on; keyed, so that no guess can be tried out against it."""
    told = [manifests.sha256_of(source.path), target.suffix, source.told.layout]
    told += [str(source.told.period_start), str(source.told.period_end)]
    told += [manifests.sha256_of(lookup) if lookup else ""]
    return hmac.new(key.secret, "\n".join(told).encode(), hashlib.sha256).hexdigest()
