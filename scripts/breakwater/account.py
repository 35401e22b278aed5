"""The account of every row ever offered, from the ledger of the warehouse."""

import duckdb

from breakwater.gate import ledger
from breakwater.gate.contract import contracts

# An offered row is in one of five places. Rows of a replaced file that were accepted count as replaced, as do those
# that a file of a later period says anew; those that were set aside stay in quarantine. What a file that had landed
# was offered again for is unchanged.
PLACES = {
    "accepted": "sum(accepted) filter (where outcome = 'landed')",
    "quarantined": "sum(quarantined) filter (where outcome in ('landed', 'replaced'))",
    "refused": "sum(offered * offers) filter (where outcome = 'refused')",
    "unchanged": "sum(offered * (offers - (outcome <> 'unchanged')::integer)) filter (where outcome <> 'refused')",
    "replaced": "sum(accepted) filter (where outcome = 'replaced')",
}


def has_ledger(connection: duckdb.DuckDBPyConnection) -> bool:
    return _exists(connection, "ledger", "files")


def files(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple]]:
    """Return the names of columns, and one row an offered file; `times` it was offered with that outcome."""
    result = connection.execute(
        "select file_id as no, file_name as file, layout, period_start as 'from', period_end as 'to',"
        " key_id as key, offers as times, offered, accepted, quarantined,"
        " outcome || coalesce(' by ' || replaced_by, '') as outcome,"
        " strftime(landed_at, '%Y-%m-%d %H:%M') as at from ledger.files order by file_id"
    )
    return [column[0] for column in result.description], result.fetchall()


def rows(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple]]:
    """Return the names of columns, and one row an extract: offered rows by place, in the store, dropped.

    Dropped by permission: landed rows that staging leaves out; empty until a build has staged what is in store.
    """
    places = ", ".join(f"coalesce({sql}, 0)::bigint" for sql in PLACES.values())
    counted = connection.execute(
        f"select coalesce(extract, '(not known)'), sum(offered * offers)::bigint, {places} from ledger.files"
        " group by all order by all"
    ).fetchall()
    found, are_staged = [], is_built(connection)
    for extract, *counts in counted:
        outdated = _count(connection, "outdated", extract) or 0
        counts[1] -= outdated  # of accepted
        counts[-1] += outdated  # to replaced
        in_store = _count(connection, "landed", extract)
        # permissions are what is applied, not what it is applied to: staging keeps those in force
        is_staged = are_staged and extract != "permissions"
        staged = _count(connection, "staging", f"stg_{extract}") if is_staged else None
        dropped = in_store - staged if in_store is not None and staged is not None else None
        found.append((extract, *counts, in_store, dropped))
    return ["extract", "offered", *PLACES, "in store", "dropped by permission"], found


def faults(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return, in words, every sum that does not agree; none when all rows are accounted for."""
    found = []
    for extract, offered, *counts, in_store, dropped in rows(connection)[1]:
        accepted, quarantined = counts[0], counts[1]
        if offered != sum(counts):
            found.append(f"{extract}: {offered:,} rows offered and {sum(counts):,} accounted for")
        if in_store is not None and in_store != accepted:
            found.append(f"{extract}: {accepted:,} rows accepted and {in_store:,} in the store")
        kept = connection.execute(
            "select count(*) from ledger.quarantine join ledger.files using (file_id) where extract = $1",
            [extract],
        ).fetchone()[0]
        if kept != quarantined:
            found.append(f"{extract}: {quarantined:,} rows quarantined and {kept:,} in the quarantine")
        if dropped is not None and dropped < 0:
            found.append(f"{extract}: staging has {-dropped:,} rows more than landed")
    return found


def is_built(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last build that ended staged the files that stand in the store."""
    has_landings = connection.execute(
        "select count(*) from duckdb_columns() where database_name = 'warehouse' and schema_name = 'ledger'"
        " and table_name = 'builds' and column_name = 'landings'"
    ).fetchone()[0]
    if not has_landings:
        return False
    row = connection.execute("select landings from ledger.builds").fetchone()
    return row is not None and row[0] == ledger.landings(connection)


def count_of_file(connection: duckdb.DuckDBPyConnection, schema: str, extract: str, file_id: int) -> int:
    """Count the rows of one file in `landed` or `outdated`; none where a store of an earlier version lacks these."""
    if not _exists(connection, schema, extract):
        return 0
    return connection.execute(
        f"select count(*) from {schema}.{extract} where _file_id = $1", [file_id]
    ).fetchone()[0]


def _count(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int | None:
    if table.removeprefix("stg_") not in contracts() or not _exists(connection, schema, table):
        return None
    return connection.execute(f"select count(*) from {schema}.{table}").fetchone()[0]


def _exists(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    return bool(
        connection.execute(
            "select count(*) from information_schema.tables"
            " where table_catalog = 'warehouse' and table_schema = $1 and table_name = $2",
            [schema, table],
        ).fetchone()[0]
    )
