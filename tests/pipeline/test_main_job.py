"""The main job on the small place: what a second run does, what the accounts say."""

import json
import re
import shutil

from breakwater import account, file_account, warehouse

from tests.pipeline.conftest import attempt


def test_a_second_run_redoes_nothing(small_place, tmp_path):
    # in a copy: a verb that writes would keep tests that read the small place waiting
    place = tmp_path / "place"
    shutil.copytree(small_place.root, place, symlinks=True)
    told = {
        "synthesise": ("--people", "4000", "--years", "2"),
        "pseudonymise": (),
        "land": ("--allow-refused",),
        "build": (),
        "release": (),
    }
    said = {verb: attempt(place, verb, *words) for verb, words in told.items()}
    assert all(result.returncode == 0 for result in said.values())
    assert "0 made" in said["pseudonymise"].stdout
    assert "0 rows landed" in said["land"].stdout
    assert "nothing has changed" in said["build"].stdout
    assert "nothing has changed" in said["release"].stdout


def test_status_accounts_for_every_row_and_all_planted_dirt(small_place):
    result = attempt(small_place.root, "status")
    assert result.returncode == 0 and "The sums agree." in result.stdout
    planted = json.loads((small_place.provider / "planted.json").read_text())["totals"]
    with warehouse.connect(small_place, read_only=True) as source:
        files = source.execute(
            "select extract, outcome, offered, accepted, quarantined from ledger.files"
        ).fetchall()
        in_store = dict(source.execute("select 'gp', count(*) from landed.gp_registrations").fetchall())
        staged = source.execute("select count(*) from staging.stg_gp_registrations").fetchone()[0]
    for extract, totals in planted.items():
        # the small place may have been landed again by another test: count each content once
        mine = [row for row in files if row[0] == extract and row[1] != "unchanged"]
        assert sum(row[4] for row in mine) == totals["quarantined"], extract
    assert 0 < in_store["gp"] - staged < in_store["gp"] / 5, "opted-out people are dropped, and not many"


def test_what_permissions_drop_of_each_file_adds_up_to_what_staging_leaves_out(small_place):
    """The story of a file asks who is permitted by itself, and finds what the macro finds."""
    with warehouse.connect(small_place, read_only=True) as source:
        dropped = {name: last for name, *_, last in account.rows(source)[1] if last is not None}
        files = source.execute(
            "select file_id, extract from ledger.files where outcome = 'landed'"
        ).fetchall()
        found = dict.fromkeys(dropped, 0)
        for file_id, extract in files:
            (story,) = file_account.stories(source, str(file_id))
            told = re.search(r"([\d,]+) of them dropped by permission", "\n".join(story.lines))
            assert (told is None) == (extract == "permissions"), story
            if told:
                found[extract] += int(told[1].replace(",", ""))
    assert found == dropped and len([rows for rows in dropped.values() if rows]) > 5


def test_who_opts_out_is_in_no_layer_after_staging(small_place):
    with warehouse.connect(small_place, read_only=True) as source:
        opted_out = (
            "(select person_key from landed.permissions where permission_type = 'type_1_opt_out' and state = 'out' "
            "and to_date is null)"
        )
        assert source.execute(f"select count(*) from {opted_out}").fetchone()[0] > 50
        tables = source.execute(
            "select schema_name, table_name from duckdb_columns() where database_name = 'warehouse' "
            "and column_name = 'person_key' and schema_name in ('staging', 'linked', 'measures')"
        ).fetchall()
        assert len(tables) > 10
        for schema, table in tables:
            if table not in ("stg_permissions", "stg_person_permissions", "stg_permitted_people"):
                found = source.execute(
                    f'select count(*) from {schema}."{table}" where person_key in {opted_out}'
                ).fetchone()
                assert found[0] == 0, table
