"""The warehouse file: at rest it says nothing without its key, and a held file is told in a sentence."""

import subprocess
import sys

import duckdb
import pytest
from breakwater import warehouse
from breakwater.errors import Refusal

PLANTED = "a string that nobody writes by chance"


def write(data) -> bytes:
    with warehouse.connect(data) as connection:
        connection.execute(f"create table planted as select '{PLANTED}' as said from range(5000)")
    return data.warehouse.read_bytes()


def test_with_a_key_nothing_can_be_read_from_the_bytes(data, monkeypatch):
    monkeypatch.setenv(warehouse.KEY_VARIABLE, "it's secret")
    assert PLANTED.encode() not in write(data)
    with warehouse.connect(data, read_only=True) as connection:
        assert connection.execute("select count(*) from planted where said = $1", [PLANTED]).fetchone() == (
            5000,
        )
    for wrong in (None, "other"):
        monkeypatch.delenv(warehouse.KEY_VARIABLE) if wrong is None else monkeypatch.setenv(
            warehouse.KEY_VARIABLE, wrong
        )
        with pytest.raises(Refusal, match="does not open with this key"):
            warehouse.connect(data)


def test_without_a_key_the_bytes_can_be_read(data, monkeypatch):
    assert PLANTED.encode() in write(data)  # so that the test above could fail
    assert data.warehouse.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv(warehouse.KEY_VARIABLE, "k")
    with pytest.raises(Refusal, match="was made without a key"):
        warehouse.connect(data)


def test_a_landing_leaves_no_key_and_no_row_outside_the_encrypted_file(
    data, breakwater, extracts, query, monkeypatch
):
    monkeypatch.setenv(warehouse.KEY_VARIABLE, "it's secret")
    breakwater("land")
    (person,) = query("select min(person_key) from landed.apc_episodes")[0]
    for path in data.root.rglob("*"):
        if path.is_file() and not path.is_relative_to(data.extracts):
            content = path.read_bytes()
            assert person.encode() not in content and b"it's secret" not in content


def test_a_file_held_by_another_process_is_a_sentence(data):
    write(data)
    code = (
        "import sys; from breakwater import warehouse; from breakwater.settings import DataFolder;"
        " from pathlib import Path; held = warehouse.connect(DataFolder(Path(sys.argv[1])));"
        " print('held', flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(data.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refusal, match="held by another process"):
            warehouse.connect(data)
        other.communicate("\n")


def test_reading_what_does_not_exist_is_a_sentence(data):
    with pytest.raises(Refusal, match="run `breakwater land` first"):
        warehouse.connect(data, read_only=True)


def test_scratch_of_a_dead_process_is_swept(data):
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True
    )
    left = data.temporary / f"{dead.stdout.strip()}-left"
    left.mkdir(parents=True)
    (left / "rows.parquet").write_text("rows")
    warehouse.connect(data).close()
    assert not left.exists()


@pytest.mark.parametrize("failure", [duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.IOException])
def test_an_engine_that_gives_up_is_a_sentence_and_quotes_nothing(
    data, breakwater, extracts, monkeypatch, failure
):
    def give_up(*_):
        raise failure(f"row holds '{PLANTED}'")

    monkeypatch.setattr("breakwater.gate.ledger.prepare", give_up)
    result = breakwater("land")
    assert result.exit_code == 1 and result.output.count("\n") == 1
    assert f"gave up ({failure.__name__})" in result.output and PLANTED not in result.output
