"""Landing: quarantine with reasons, repeats, replacements, refusals, kills; and an account of every row."""

import duckdb
import pytest
from breakwater import warehouse
from breakwater.gate import landing, ledger
from breakwater.gate.contract import SQL_TYPES, contracts
from breakwater.gate.expectations import Expectations
from breakwater.gate.landing import land_all
from breakwater.settings import PROJECT

from tests.gate import place
from tests.gate.conftest import rewrite, rows_of

ARTIFICIAL = PROJECT.parent / "shared" / "reference" / "artificial" / "hes" / "artificial_hes_apc_0102.csv"

OPTIONS = ["--extract", "permissions", "--layout", "permissions/1"]
OPTIONS += ["--period", *place.PERIOD, "--key-id", place.KEY_ID]

# extract, column, value that is planted, and the reason in the quarantine
FAULTS = [
    ("gp_registrations", "person_key", "", "is empty"),
    ("gp_registrations", "sex", "7", "is not an allowed code"),
    ("gp_registrations", "registered_from", "2012-02-30", "is not a date"),
    ("gp_registrations", "birth_month", "1950-13", "is not a month"),
    ("gp_registrations", "lsoa_code", "E0101581", "does not have the form of the contract"),
    ("gp_registrations", "registered_to", "2011-01-01", "the registration ends before it begins"),
    ("apc_episodes", "STARTAGE", "7.5", "is not a whole number from 0 to 7007"),
    ("apc_episodes", "STARTAGE", "200", "an age between 121 years and the codes of babies"),
    ("apc_episodes", "DISDATE", "2025-05-31", "the discharge is before the admission"),
    ("apc_episodes", "ADMIMETH", "77", "is not an allowed code"),
    ("apc_episodes", "EPIKEY", "500000000007", "repeats the key of an earlier row"),
]


@pytest.mark.parametrize(("extract", "column", "value", "reason"), FAULTS)
def test_a_bad_row_goes_aside_with_its_reason_and_the_rest_lands(
    breakwater, extracts, query, extract, column, value, reason
):
    rows = rows_of(extracts[extract])
    rows[20][column] = value
    result = breakwater("land", rewrite(extracts[extract], rows))
    assert result.exit_code == 0, result.output
    name = {"PSEUDO_HESID": "person_key"}.get(column, column.lower())
    assert query("select line, column_name, reason from ledger.quarantine") == [(22, name, reason)]
    assert query(f"select count(*), min(_line), max(_line) from landed.{extract}") == [
        (len(rows) - 1, 2, len(rows) + 1)
    ]


def test_the_quarantine_keeps_the_shape_of_an_odd_value_only(breakwater, extracts, query):
    rows = rows_of(extracts["gp_registrations"])
    rows[0]["practice_code"] = "Zq-88"
    breakwater("land", rewrite(extracts["gp_registrations"], rows))
    kept = query("select row_content->>'practice_code', row_content->>'sex' from ledger.quarantine")
    assert kept == [("Aa-99", rows[0]["sex"])]


def test_null_dates_of_hes_land_as_they_are(breakwater, extracts, query):
    rows = rows_of(extracts["apc_episodes"])
    rows[0]["DISDATE"], rows[1]["DISDATE"] = "1800-01-01", "1801-01-01"
    assert breakwater("land", rewrite(extracts["apc_episodes"], rows)).exit_code == 0
    landed = query("select disdate::varchar from landed.apc_episodes order by _line limit 3")
    assert landed == [("1800-01-01",), ("1801-01-01",), ("2025-06-05",)]


def test_more_bad_rows_than_the_limit_refuse_the_file(breakwater, extracts, query):
    rows = rows_of(extracts["gp_registrations"])
    for row in rows[:2]:  # 2 of 40: just the limit of 5%
        row["sex"] = "7"
    assert breakwater("land", rewrite(extracts["gp_registrations"], rows)).exit_code == 0
    rows[2]["sex"] = "7"
    result = breakwater("land", rewrite(extracts["gp_registrations"], rows, period_end="2026-04-30"))
    assert result.exit_code == 1
    assert (
        "3 of 40 rows break the contract, more than 5%; most often sex is not an allowed code"
        in result.output
    )
    assert query("select count(*) from ledger.quarantine") == [(2,)]


def test_the_same_file_twice_changes_nothing(breakwater, extracts, query):
    breakwater("land")
    before = query("select * exclude _file_id from landed.apc_episodes order by all")
    result = breakwater("land")
    assert "0 landed, 3 unchanged, 0 refused" in result.output
    assert query("select * exclude _file_id from landed.apc_episodes order by all") == before
    # it is counted where the file is told of: the ledger does not grow by what says nothing new
    assert query("select outcome, offers, count(*) from ledger.files group by all") == [("landed", 2, 3)]
    lines = breakwater("status").output.split("Rows")[1].splitlines()
    rows = {line.split()[0]: line.split() for line in lines if line}
    assert rows["permissions"][1:7] == ["12", "6", "0", "0", "6", "0"]  # offered; 6 accepted, 6 unchanged


def test_a_copy_under_another_name_has_a_row_of_its_own(breakwater, extracts, query):
    breakwater("land")
    copy = extracts["permissions"].with_name("copy.csv")
    for end in (".csv", ".manifest.json"):
        copy.with_name("copy" + end).write_bytes(
            extracts["permissions"].with_name(extracts["permissions"].stem + end).read_bytes()
        )
    for _ in range(2):
        assert "0 landed, 1 unchanged" in breakwater("land", copy).output
    assert query("select outcome, offers from ledger.files where file_name = 'copy.csv'") == [
        ("unchanged", 2)
    ]
    assert "The sums agree." in breakwater("status").output


def test_a_refused_file_offered_again_is_counted_on_its_row(breakwater, extracts, query):
    rows = rows_of(extracts["permissions"])
    rows[0]["state"] = "ada@example.org"
    path = rewrite(extracts["permissions"], rows)
    for _ in range(3):
        assert breakwater("land", path).exit_code == 1
    assert query("select outcome, offers, offered from ledger.files") == [("refused", 3, 6)]
    assert "The sums agree." in breakwater("status").output
    # another reason is another row; and mended, it lands
    rows[0]["state"] = "07700 900123"
    assert breakwater("land", rewrite(path, rows)).exit_code == 1
    rows[0]["state"] = "out"
    assert breakwater("land", rewrite(path, rows)).exit_code == 0
    assert query("select outcome, offers from ledger.files order by file_id") == [
        ("refused", 3),
        ("refused", 1),
        ("landed", 1),
    ]
    told = breakwater("status")
    assert told.exit_code == 0 and "The sums agree." in told.output


def test_a_ledger_of_an_earlier_version_is_brought_up_to_date(data, breakwater, extracts, query):
    breakwater("land")
    with warehouse.connect(data) as connection:
        connection.execute("alter table ledger.files drop column offers")
        connection.execute("alter table ledger.files drop column last_offered_at")
    assert "3 unchanged" in breakwater("land").output
    assert query("select distinct offers from ledger.files") == [(2,)]


def test_a_contract_that_has_grown_gives_the_store_its_new_columns(data, breakwater, extracts, query):
    assert breakwater("land", extracts["gp_registrations"]).exit_code == 0
    with warehouse.connect(data) as connection:
        connection.execute("alter table landed.gp_registrations drop column ethnic_group")
        connection.execute("alter table landed.apc_episodes drop column admimeth")
    result = breakwater("land")
    assert result.exit_code == 0, result.output
    assert query("select count(ethnic_group), count(*) > 0 from landed.gp_registrations") == [(0, True)]
    assert query("select count(admimeth) > 0 from landed.apc_episodes") == [(True,)]


def test_a_large_store_of_an_earlier_version_takes_up_new_columns(data, breakwater, extracts, query):
    # DuckDB's own `add column` breaks such a file: its row groups are larger than those that are written now
    contract = contracts()["gp_registrations"]
    columns = ", ".join(
        f"null::{SQL_TYPES[column.type]} as {column.name}"
        for column in contract.columns
        if column.name not in ("ethnic_group", "registration_id")
    )
    data.root.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(data.warehouse)) as old:
        old.execute("create schema landed")
        old.execute(
            f"create table landed.gp_registrations as select 'r' || i as registration_id, {columns},"
            " 0::bigint as _file_id, i as _line from range(60000) as rows(i)"
        )
    result = breakwater("land")
    assert result.exit_code == 0, result.output
    with warehouse.connect(data) as connection:
        connection.execute("delete from landed.gp_registrations where _line % 7 = 3 and _file_id = 0")
        connection.execute("checkpoint")
    assert query("select count(*), count(ethnic_group) from landed.gp_registrations where _file_id = 0") == [
        (51_429, 0)
    ]


def test_a_resupplied_period_replaces_its_predecessor(breakwater, extracts, query):
    breakwater("land")
    path = extracts["apc_episodes"]
    again = path.with_name(path.stem + "_again.csv")
    (again.with_name(again.stem + ".manifest.json")).write_text(
        path.with_name(path.stem + ".manifest.json").read_text()
    )
    rewrite(again, rows_of(path)[:30])
    assert breakwater("land", again).exit_code == 0
    assert query("select count(*), count(distinct _file_id), min(_file_id) from landed.apc_episodes") == [
        (30, 1, 4)
    ]
    assert query(
        "select outcome, replaced_by from ledger.files where extract = 'apc_episodes' order by file_id"
    ) == [
        ("replaced", 4),
        ("landed", None),
    ]
    # Both stand in the folder: offering them all again must not swing back.
    whole = breakwater("land").output
    assert "0 landed, 4 unchanged" in whole and "landed before" not in whole
    # whoever means the old one is told
    alone = breakwater("land", path).output
    assert f"{path.name} landed before, as file 1, and was replaced by file 4: nothing is changed" in alone
    assert "landed before" not in breakwater("land", again).output
    rows = rows_of(path)
    assert "1 landed" in breakwater("land", rewrite(path, [*rows[1:], rows[0]])).output
    assert query("select count(*), count(distinct _file_id) from landed.apc_episodes") == [(40, 1)]
    status = breakwater("status")
    assert status.exit_code == 0 and "The sums agree." in status.output


def test_a_key_of_another_period_is_not_counted_twice(breakwater, extracts, query):
    breakwater("land")
    path = extracts["apc_episodes"]
    rows = rows_of(path)
    for row in rows[1:]:
        row["EPIKEY"] = str(int(row["EPIKEY"]) + 1000)
    breakwater("land", rewrite(path, rows, period_end="2026-04-30"))
    assert query("select line, reason from ledger.quarantine") == [
        (2, "repeats the key of a row of another period")
    ]


def test_another_key_id_is_refused_in_words(breakwater, extracts):
    breakwater("land", extracts["permissions"])
    path = rewrite(extracts["apc_episodes"], rows_of(extracts["apc_episodes"]), key_id="test-2")
    result = breakwater("land", path)
    assert result.exit_code == 1
    assert (
        "pseudonymised with key 'test-2' and the store holds key 'test-1': nobody would link" in result.output
    )


def test_a_file_that_is_not_its_manifests_is_refused(breakwater, extracts):
    with extracts["permissions"].open("a") as file:
        file.write("P99999,,F81002,practice_participation,in,2020-01-01,\n")
    result = breakwater("land", extracts["permissions"])
    assert result.exit_code == 1 and "is not the file that its manifest describes" in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"permission_id,person_key\n1,2\n", "has no column"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"PAR1 not parquet", "column 1 is a column that layout permissions/1 does not have"),
        (b"permission_id,permission_id\n1,2\n", "names 1 of its columns twice"),
    ],
)
def test_a_damaged_file_is_one_sentence(breakwater, extracts, query, content, sentence):
    path = extracts["permissions"]
    path.write_bytes(content)
    path.with_name(path.stem + ".manifest.json").unlink()
    result = breakwater("land", path, *OPTIONS)
    assert result.exit_code == 1 and sentence in result.output and "Traceback" not in result.output
    assert query("select outcome from ledger.files") == [("refused",)]


def test_a_truncated_line_names_the_line_and_not_its_content(breakwater, extracts):
    path = extracts["permissions"]
    rewrite(path, rows_of(path))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], lines[3][:30]]))
    path.with_name(path.stem + ".manifest.json").unlink()
    result = breakwater("land", path, *OPTIONS)
    assert result.exit_code == 1 and ", line 4: not as many columns as the header" in result.output
    assert lines[3][:8] not in result.output


def test_a_file_that_only_calls_itself_parquet_is_a_sentence(breakwater, extracts):
    path = extracts["permissions"].rename(extracts["permissions"].with_suffix(".parquet"))
    path.with_name(path.stem + ".manifest.json").unlink()
    result = breakwater("land", path, *OPTIONS)
    assert result.exit_code == 1 and "is not Parquet: ask the sender for it again" in result.output


def test_a_refused_file_can_be_allowed_and_the_others_land(breakwater, extracts, query):
    rows = rows_of(extracts["apc_episodes"])
    rows[0]["GPPRAC"] = place.postcode(0)
    rewrite(extracts["apc_episodes"], rows)
    result = breakwater("land", "--allow-refused")
    assert result.exit_code == 0 and "2 landed, 0 unchanged, 1 refused" in result.output
    assert query("select outcome, count(*) from ledger.files group by 1 order by 1") == [
        ("landed", 2),
        ("refused", 1),
    ]


def test_a_landing_that_dies_between_leaves_the_last_good_state(
    data, breakwater, extracts, query, monkeypatch
):
    breakwater("land", extracts["apc_episodes"])
    before = query("from landed.apc_episodes order by all")
    path = rewrite(extracts["apc_episodes"], rows_of(extracts["apc_episodes"])[:30])

    def die(*_, **__):
        raise KeyboardInterrupt

    # It dies after the old rows are out and the new ones in, before the ledger says so.
    monkeypatch.setattr(ledger, "record", die)
    with warehouse.connect(data) as connection, pytest.raises(KeyboardInterrupt):
        list(land_all(connection, [path], None, Expectations(connection)))
    monkeypatch.undo()
    assert query("from landed.apc_episodes order by all") == before
    assert query("select outcome from ledger.files") == [("landed",)]
    assert breakwater("land", path).exit_code == 0
    assert query("select count(*) from landed.apc_episodes") == [(30,)]


def test_a_failing_suite_refuses_the_file_and_names_the_expectation(
    breakwater, extracts, query, monkeypatch, tmp_path
):
    suite = "expectations:\n  - expectation: ExpectTableRowCountToBeBetween\n    kwargs: {min_value: 1000}\n"
    (tmp_path / "permissions.yml").write_text(suite)
    monkeypatch.setattr(landing, "SUITES", tmp_path)
    result = breakwater("land", extracts["permissions"])
    assert (
        result.exit_code == 1
        and "fails 1 expectations of its suite, first: ExpectTableRowCount" in result.output
    )
    assert query("select passed, checked from ledger.expectations") == [(False, 6)]
    assert query("select count(*) from landed.permissions") == [(0,)]


def test_every_extract_has_its_table_after_the_first_landing(breakwater, extracts, query):
    breakwater("land", extracts["permissions"])
    names = query("select table_name from information_schema.tables where table_schema = 'landed' order by 1")
    assert [name for (name,) in names] == sorted(contracts())


@pytest.mark.skipif(
    not ARTIFICIAL.exists(), reason="NHS Digital's artificial HES is not beside the repository"
)
def test_artificial_hes_lands_as_it_is(breakwater, query):
    options = [*OPTIONS[:1], "apc_episodes", "--layout", "hes_apc/193"]
    options += ["--period", "2001-04-01", "2002-03-31", "--key-id", "hes"]
    result = breakwater("land", ARTIFICIAL, *options)
    assert result.exit_code == 0, result.output
    # Three rows have a diagnosis of four digits, which is no ICD-10 code.
    assert query("select offered, accepted, quarantined from ledger.files") == [(2075, 2072, 3)]
    assert query("select count(distinct person_key), count(lsoa21) from landed.apc_episodes") == [(993, 0)]


def test_status_before_anything_and_with_a_release(breakwater, data, extracts):
    empty = breakwater("status")
    assert (
        empty.exit_code == 0 and "There is no warehouse" in empty.output and "no release yet" in empty.output
    )
    breakwater("land")
    folder = data.releases / "2026-10-01-a"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "release.duckdb")) as release:
        release.execute(
            "create table release as select timestamp '2026-10-01 09:30' as made_at,"
            " date '2026-09-30' as data_up_to"
        )
    (data.releases / "current").symlink_to(folder.name)
    told = breakwater("status").output
    assert "2026-10-01-a  2026-10-01 09:30  2026-09-30  current" in told


def test_status_tells_of_sums_that_do_not_agree(breakwater, data, extracts):
    breakwater("land")
    with warehouse.connect(data) as connection:
        connection.execute("delete from landed.permissions where _line = 2")
    result = breakwater("status")
    assert result.exit_code == 1
    assert "permissions: 6 rows accepted and 5 in the store" in result.output


def test_status_shows_what_permissions_drop(breakwater, data, extracts):
    def dropped(extract: str) -> list[str]:
        """Return the last two of the eight numbers of an extract: in store, and dropped, if it is known."""
        told = breakwater("status")
        assert told.exit_code == 0 and "The sums agree." in told.output, told.output
        lines = [line.split() for line in told.output.split("Rows")[1].splitlines() if line]
        return next(line for line in lines if line[0] == extract)[7:]

    breakwater("land")
    landed = str(len(rows_of(extracts["gp_registrations"])))
    with warehouse.connect(data) as connection:
        connection.execute(
            "create schema staging; create table staging.stg_gp_registrations as"
            " from landed.gp_registrations order by _file_id, _line"
            " limit (select count(*) - 2 from landed.gp_registrations)"
        )
        connection.execute("create table staging.stg_permissions as from landed.permissions limit 4")
    # no build has ended: what staging holds is not of what has landed
    assert dropped("gp_registrations") == [landed]
    with warehouse.connect(data) as connection:
        connection.execute(
            "create table ledger.builds as select $1 as landings", [ledger.landings(connection)]
        )
    assert dropped("gp_registrations") == [landed, "2"]
    # permissions that are not in force are not dropped by permission
    assert dropped("permissions") == ["6"]
    # a new supply with fewer rows than staging has: nothing is known until the next build, and no sum is wrong
    rewrite(extracts["gp_registrations"], rows_of(extracts["gp_registrations"])[:10])
    assert breakwater("land").exit_code == 0
    assert dropped("gp_registrations") == ["10"]
