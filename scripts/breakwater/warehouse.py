"""Open the warehouse file: the row store, person-level, encrypted at rest when a key is given."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from breakwater import modes
from breakwater.errors import Refusal
from breakwater.scratch import new_scratch_path
from breakwater.settings import DataFolder

KEY_VARIABLE = "BREAKWATER_WAREHOUSE_KEY"
# Of a new file. This version compresses text in a third of the time of the engine's default, which is older;
# files of a few thousand rows fill row groups of this size, so that a landing writes each row once.
STORAGE_VERSION, ROW_GROUP = "v1.5.0", 32_768


def connect(data: DataFolder, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a connection with the warehouse attached as `warehouse`, and in use.

    The connection itself is in memory, so that the file can be attached with its key. Nothing is fetched:
    the extension that encrypts comes from its installed package. Close it as soon as the work is done,
    for a writer shuts out every other process.

    Raises Refusal when the file does not exist (read_only), the key is missing or wrong, or another
    process holds the file.
    """
    exists = data.warehouse.exists()
    if read_only and not exists:
        raise Refusal(f"there is no warehouse at {data.warehouse} yet: run `breakwater land` first")
    connection = duckdb.connect(":memory:", config=_settings(data))
    try:
        _attach(connection, data, read_only)
    except duckdb.Error as error:
        connection.close()
        raise _refusal(error, data.warehouse) from None
    except Refusal:
        connection.close()
        raise
    if not read_only:
        modes.repair(data)  # of the new file, and of what an earlier version left open
    return connection


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


def extension_folder(data: DataFolder) -> Path:
    """Return the folder, inside the data folder, of the extension that writes encrypted files.

    Installs it there from the Python package `duckdb-extension-httpfs`, without the network, unless present.
    """
    folder = data.root / "extensions"
    name = f"v{duckdb.__version__}/httpfs.duckdb_extension"
    package = Path(importlib.import_module("duckdb_extension_httpfs").__file__).parent
    with duckdb.connect(":memory:", config={"extension_directory": str(folder)}) as connection:
        platform = connection.execute("pragma platform").fetchone()[0]
        if (folder / f"v{duckdb.__version__}" / platform / "httpfs.duckdb_extension").exists():
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        # Installing takes the extension's name from the file, so the packaged file is used as it is.
        connection.execute(f"install {_quoted(package / 'extensions' / name)}")
    return folder


def _settings(data: DataFolder) -> dict[str, str]:
    return {
        # Spilled rows stay inside the data folder, in a folder of this connection's own.
        "temp_directory": str(new_scratch_path(data)),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        **({"extension_directory": str(extension_folder(data))} if os.environ.get(KEY_VARIABLE) else {}),
    }


def _attach(connection: duckdb.DuckDBPyConnection, data: DataFolder, read_only: bool) -> None:
    options = ["read_only"] if read_only else [f"row_group_size {ROW_GROUP}"]
    if not data.warehouse.exists():
        options.append(f"storage_version '{STORAGE_VERSION}'")
    if key := os.environ.get(KEY_VARIABLE):
        connection.execute("load httpfs")
        connection.execute("set temp_file_encryption = true")
        options.append(f"encryption_key {_quoted(key)}")
    option_list = f" ({', '.join(options)})" if options else ""
    connection.execute(f"attach {_quoted(data.warehouse)} as warehouse{option_list}")
    connection.execute("use warehouse")


def _refusal(error: duckdb.Error, path: Path) -> Refusal:
    """Say what stands in the way; the engine's own text is kept back, for it may quote the key."""
    text = str(error).replace(str(path), "").lower()
    if "is not encrypted" in text:
        return Refusal(f"{path} was made without a key: unset {KEY_VARIABLE}, or move it away and land again")
    if "lock" in text or "conflict" in text or "already attached" in text:
        return Refusal(f"{path} is held by another process: wait until it has ended, then try again")
    if "encrypt" in text or "key" in text:
        return Refusal(f"{path} does not open with this key: set {KEY_VARIABLE} to the key it was made with")
    return Refusal(
        f"{path} cannot be opened ({type(error).__name__}): restore it, or move it away and land again"
    )


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
