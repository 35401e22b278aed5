"""What a later file says anew: of rows with one key in files of several periods, one stands, and the others are kept.

Some extracts report a thing for as long as it lasts: a service of social care, a registration, a condition, a
permission (`key_scope: file` in the contract). Their row of the latest period stands, of one period the one supplied
last, in whatever order the files came. The others are in the schema `outdated`, so that they come back when the file
that put them there is supplied again without them. So the store depends on which files stand in it alone.
"""

import duckdb

from breakwater.gate.contract import Contract


def settle(connection: duckdb.DuckDBPyConnection, contract: Contract, file_id: int) -> None:
    """Move rows between `landed` and `outdated` after a file has landed, or replaced another; in its transaction.

    The ledger must say already that the file is there. Looked at are the keys of the file and of what is outdated,
    so that the work grows with the file and not with the store.
    """
    if contract.key_scope != "file" or not _has_others(connection, contract.extract, file_id):
        return
    landed, outdated, key = f"landed.{contract.extract}", f"outdated.{contract.extract}", contract.key.name
    contenders = f"select {key} from {landed} where _file_id = {file_id} union select {key} from {outdated}"
    standing = (
        f"select {key}, arg_max(_file_id, (period_end, _file_id)) as _file_id from"
        f" (select {key}, _file_id from {landed} where {key} in ({contenders})"
        f" union all select {key}, _file_id from {outdated})"
        f" inner join ledger.files on file_id = _file_id group by {key}"
    )
    for source, target, moves in ((landed, outdated, "<>"), (outdated, landed, "=")):
        connection.execute(
            f"insert into {target} by name select source.* from {source} as source inner join ({standing}) as standing"
            f" on source.{key} = standing.{key} and source._file_id {moves} standing._file_id"
        )
        connection.execute(
            f"delete from {source} as source using {target} as target"
            f" where source.{key} = target.{key} and source._file_id = target._file_id"
        )


def _has_others(connection: duckdb.DuckDBPyConnection, extract: str, file_id: int) -> bool:
    """Whether rows of another file of the extract are in store, or outdated."""
    return bool(
        connection.execute(
            f"select exists (from landed.{extract} where _file_id <> $1) or exists (from outdated.{extract})",
            [file_id],
        ).fetchone()[0]
    )
