"""The bytes of an offered file are taken once: whatever happens to it afterwards, what lands is what was searched."""

import os

import duckdb
import pytest
from breakwater import warehouse
from breakwater.gate import ledger, reading
from breakwater.gate.content import Content
from breakwater.gate.contract import contracts
from breakwater.gate.expectations import Expectations
from breakwater.gate.inspecting import inspect
from breakwater.gate.landing import land
from breakwater.gate.workspace import Workspace
from breakwater.manifest import sha256_of

from tests.gate.conftest import as_parquet

held = pytest.mark.skipif(
    not hasattr(os, "memfd_create"), reason="this system has no memory files: Parquet is read once"
)


@held
def test_a_file_overwritten_after_its_inspection_lands_as_it_was(data, extracts, query):
    as_parquet(extracts["apc_episodes"])
    path = extracts["apc_episodes"].with_suffix(".parquet")
    digest, rows = sha256_of(path), duckdb.sql(f"select count(*) from '{path}'").fetchone()[0]
    duckdb.sql(
        f"copy (select * replace ('9999742858' as ADMIMETH) from '{path}') to '{path}.other' (format parquet)"
    )
    with warehouse.connect(data) as connection:
        ledger.prepare(connection)
        file = inspect(connection, path, None, Workspace.of(path, "offer"))
        path.write_bytes(
            path.with_name(f"{path.name}.other").read_bytes()
        )  # in place: the same file, other bytes
        outcome = land(connection, file, Expectations(connection))
    assert (outcome.outcome, outcome.counts.offered) == ("landed", rows)
    assert query("select sha256 from ledger.files") == [(digest,)]
    assert query("select count(*) from landed.apc_episodes where admimeth like '999%'") == [(0,)]


@held
def test_files_that_follow_one_another_under_one_handle_are_not_mixed_up(extracts):
    """The engine keeps what it has read of a file under its name, which is the number of its handle."""
    contract, sources, rows = contracts()["apc_episodes"], set(), []
    as_parquet(extracts["apc_episodes"])
    path = extracts["apc_episodes"].with_suffix(".parquet")
    with duckdb.connect(":memory:") as connection:
        for number in ("77", "78"):
            duckdb.sql(
                f"copy (select * replace ('{number}' as ADMIMETH) from '{path}') to '{path}.new' (format parquet)"
            )
            path.with_name(f"{path.name}.new").replace(path)
            content, space = Content.of(path), Workspace.of(path, f"offer_{number}")
            space.open(connection)
            reading.read(connection, content, contract, "hes_apc/2021", space)
            rows += connection.execute(f"select distinct admimeth from {space.offered}").fetchall()
            sources.add(content.source)
            space.clear(connection)
            content.close()
    assert len(sources) == 1  # otherwise this test could not fail
    assert rows == [("77",), ("78",)]


def test_csv_is_read_once_from_where_it_stands(extracts):
    content = Content.of(extracts["apc_episodes"])
    assert (content.is_held, content.source) == (False, extracts["apc_episodes"])
    assert content.sha256 == sha256_of(extracts["apc_episodes"])
