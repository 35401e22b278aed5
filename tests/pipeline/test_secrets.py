"""An encrypted place is the same place, and no secret stands where somebody could read it.

Looked through are all files of the data folder (dbt's artefacts and log among them), all that is printed, and the
command lines of everything that runs. Of every run, those that fail too: it is the errors that quote.
"""

from pathlib import Path

import pytest
from breakwater import warehouse
from breakwater.settings import DataFolder

from tests.gate import place
from tests.pipeline.conftest import attempt_watched

WAREHOUSE_KEY = "it's a key of this test alone"
WRONG_KEY = "another one, which is wrong"
PSEUDONYM_KEY = "5e" * 31 + "77"

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(),
    reason="command lines are read from /proc, which this system lacks",
)


def hold_no(secrets: set[str], root: Path, runs: list) -> None:
    """Fail when a secret is in a file below `root`, or in what one of the runs printed or showed as command line."""
    sought = {form for secret in secrets for form in (secret, secret.upper(), secret.replace("'", "''"))}
    sought = {form.encode() for form in sought}
    for result, shown in runs:
        assert any(result.args[3].encode() in line for line in shown), "no command line was seen"
        said = (result.stdout + result.stderr).encode()
        for content, where in [(said, "printed"), *((line, "a command line") for line in shown)]:
            assert not any(secret in content for secret in sought), (
                f"{result.args[3]}: {where} holds a secret"
            )
    files = [path for path in root.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content for secret in sought), f"{path.relative_to(root)} holds a secret"


@needs_proc
def test_an_encrypted_place_builds_and_releases_the_same_and_shows_nothing(small_place, tmp_path):
    key = {warehouse.KEY_VARIABLE: WAREHOUSE_KEY}
    secret = DataFolder(tmp_path / "secret")
    files = sorted(map(str, small_place.extracts.rglob("*.parquet")))
    runs = []
    for verb, words in (("land", ("--allow-refused", *files)), ("build", ()), ("release", ())):
        runs.append(attempt_watched(secret.root, verb, *words, **key))
        assert runs[-1][0].returncode == 0, runs[-1][0].stderr[-2000:]
    with warehouse.connect(small_place, read_only=True) as source:
        person_key = (
            source.execute("select min(person_key) from landed.gp_registrations").fetchone()[0].encode()
        )
        cells = source.sql("select * from disclosure.counted_cells order by all").fetchall()
    content = secret.warehouse.read_bytes()
    assert person_key not in content and b"gp_registrations" not in content
    assert b"gp_registrations" in small_place.warehouse.read_bytes()
    # what fails: no key, a wrong one, and dbt at a model that cannot be
    wrong = {warehouse.KEY_VARIABLE: WRONG_KEY}
    query = ("run-operation", "run_query", "--args", "{sql: 'select * from warehouse.nowhere'}")
    for words, environment in (
        (("release",), {}), (("release",), wrong), (("build", "--force"), wrong), (("status",), wrong),
        (("dbt", "parse"), key), (("dbt", *query), key), (("dbt", *query), wrong),
    ):  # fmt: skip
        runs.append(attempt_watched(secret.root, *words, **environment))
        assert runs[-1][0].returncode == (0 if words[1:] == ("parse",) else 1), words
    assert (secret.root / "dbt" / "dbt.log").exists() and (secret.root / "dbt" / "manifest.json").exists()
    hold_no({WAREHOUSE_KEY, WRONG_KEY}, secret.root, runs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(warehouse.KEY_VARIABLE, WAREHOUSE_KEY)
        with warehouse.connect(secret, read_only=True) as source:
            assert source.sql("select * from disclosure.counted_cells order by all").fetchall() == cells


@needs_proc
@pytest.mark.parametrize("given", ["file", "environment"])
def test_the_key_of_pseudonyms_shows_nowhere(tmp_path, given):
    data, told = DataFolder(tmp_path / "data"), tmp_path / "key.txt"
    place.write_provider(data.provider)
    (data.provider / "pseudonym.key").unlink()
    told.write_text(f"id: test-1\nkey: {PSEUDONYM_KEY}\n")
    bad = tmp_path / "bad.txt"
    bad.write_text(f"id: test-1\nkey: {PSEUDONYM_KEY}z\n")
    key, no_key = ((("--key-file", str(told)), {}), (("--key-file", str(bad)), {}))
    if given == "environment":
        key, no_key = ((), {"BREAKWATER_PSEUDONYM_KEY": f"test-1:{PSEUDONYM_KEY}"}), (
            (), {"BREAKWATER_PSEUDONYM_KEY": f"test-1:{PSEUDONYM_KEY}z"}
        )  # fmt: skip
    runs = []
    for verb, (words, environment), status in (
        ("pseudonymise", no_key, 1),
        ("pseudonymise", key, 0),
        ("land", ((), key[1]), 0),
        ("status", ((), key[1]), 0),
    ):
        runs.append(attempt_watched(data.root, verb, *words, **environment))
        assert runs[-1][0].returncode == status, runs[-1][0].stderr
    # the last: a file that the engine cannot read, with the key set in its connection
    broken = data.provider / "permissions" / "permissions_2025-04-01_2026-03-31.csv"
    broken.write_text(broken.read_text() + "P1,only,three\n")
    runs.append(attempt_watched(data.root, "pseudonymise", *key[0], **key[1]))
    assert runs[-1][0].returncode == 1 and "not as many columns" in runs[-1][0].stderr
    hold_no({PSEUDONYM_KEY}, data.root, runs)


def test_the_search_finds_what_is_there(tmp_path):
    (tmp_path / "log").write_text("... it''s a key of this test alone ...")
    with pytest.raises(AssertionError, match="log holds a secret"):
        hold_no({WAREHOUSE_KEY}, tmp_path, [])


@needs_proc
def test_a_secret_on_a_command_line_would_be_seen(tmp_path):
    result = attempt_watched(tmp_path, "status", PSEUDONYM_KEY)
    assert result[0].returncode != 0
    (tmp_path / "file").touch()
    with pytest.raises(AssertionError, match="holds a secret"):
        hold_no({PSEUDONYM_KEY}, tmp_path, [result])
