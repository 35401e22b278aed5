"""Turn one identifiable extract into its pseudonymised form and manifest, inside DuckDB."""

import hashlib
import hmac
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


def pseudonymise(source: Source, key: PseudonymKey, lookup: Path | None, target: Path, scratch: Path) -> int:
    """Write `target` (.parquet or .csv) and its manifest; return the rows, or -1 when nothing changed.

    The order of rows is kept, so that the provider can find the row that the gate names. Columns that the
    contract does not name are left behind. Both files come into place by rename, the manifest last.

    Raises Refusal when a column is missing, the file cannot be read, or a postcode lookup is needed.
    """
    columns = _columns(source)
    digest = _source_digest(source, key, lookup, target)
    before = manifests.read_manifest(target) if target.exists() else None
    if before and before.key_id == key.id and before.source_digest == digest:
        return -1
    part = scratch / target.name
    rows = _write(source, columns, key, lookup, part)
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


def _columns(source: Source) -> tuple[Column, ...]:
    name = source.path.name
    contract = contract_for(source.told.extract, source.told.layout, name)
    columns = contract.columns_of(source.told.layout)
    present = {column.lower() for column in text_files.header(source.path)}
    needed = {column.made_from[0] if column.made_from else column.file for column in columns}
    if missing := sorted(column for column in needed if column.lower() not in present):
        raise Refusal(f"{name} has no column {', '.join(missing)}, which {source.told.layout} needs")
    return columns


def _write(
    source: Source, columns: tuple[Column, ...], key: PseudonymKey, lookup: Path | None, part: Path
) -> int:
    form = "format parquet, compression zstd" if part.suffix == ".parquet" else "format csv, header"
    with duckdb.connect(":memory:", config={"temp_directory": str(part.parent / "spill")}) as connection:
        used = {LOOKED_UP[c.made_from[1]] for c in columns if c.made_from and c.made_from[1] in LOOKED_UP}
        _load_postcodes(connection, lookup, sorted(used))
        connection.execute(
            "create table pads as select $1::blob as inner_pad, $2::blob as outer_pad", key.pads()
        )
        try:
            connection.execute(
                "create table source as select row_number() over () as _row, columns(*)::varchar"
                f" from {text_files.scan(source.path)}"
            )
        except duckdb.Error as error:
            raise text_files.unreadable(source.path, error) from None
        wanted = select_list(columns, text_files.header(source.path))
        connection.execute(
            f"copy (select {wanted} from source cross join pads order by _row)"
            f" to '{str(part).replace(chr(39), chr(39) * 2)}' ({form})"
        )
        return connection.execute("select count(*) from source").fetchone()[0]


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
