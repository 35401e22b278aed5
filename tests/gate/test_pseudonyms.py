"""Pseudonyms: the published vectors, Python's own HMAC, and that nothing identifying is left."""

import hashlib
import hmac
import json
import re
from pathlib import Path

import duckdb
import pytest
from breakwater.gate.contract import contracts
from breakwater.pseudonyms.key import PseudonymKey
from breakwater.pseudonyms.transform import birth_date, person_key
from breakwater.settings import PROJECT

from tests.gate import place
from tests.gate.conftest import rows_of

VECTORS = re.findall(
    r"^\| `([0-9a-f]+)` \| (\d{10}) \| `([0-9a-f]{64})` \|$",
    (PROJECT / "docs" / "pseudonyms.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)


def key_of(number: str, secret: bytes = place.KEY) -> str | None:
    with duckdb.connect() as connection:
        for name, pad in zip(("inner_pad", "outer_pad"), PseudonymKey("t", secret).pads(), strict=True):
            connection.execute(f"set variable {name} = $1::blob", [pad])
        return connection.execute(f"select {person_key('$1::varchar')}", [number]).fetchone()[0]


def test_the_guide_has_vectors():
    assert len(VECTORS) >= 6


@pytest.mark.parametrize(("secret", "number", "expected"), VECTORS)
def test_vectors_of_the_guide(secret, number, expected):
    assert hmac.new(bytes.fromhex(secret), number.encode(), hashlib.sha256).hexdigest() == expected
    assert key_of(number, bytes.fromhex(secret)) == expected


@pytest.mark.parametrize("spelling", ["{0} {1} {2}", "{0}-{1}-{2}", " {0}{1}{2} ", "{0} {1}-{2}"])
def test_spellings_of_a_number_give_one_key(spelling):
    number = place.NUMBERS[3]
    assert key_of(spelling.format(number[:3], number[3:6], number[6:])) == key_of(number) is not None


@pytest.mark.parametrize("number", ["", "9990000019", "999000001", "99900000180", "abcdefghij", "0000000000"])
def test_an_invalid_number_has_no_key(number):
    assert key_of(number) is None


@pytest.mark.parametrize(
    "written", ["1950-03-07", "19500307", "07/03/1950", "07031950", "1950-03-07 00:00:00"]
)
def test_dates_of_birth_in_the_formats_of_providers(written):
    sql = f"select strftime({birth_date('$1::varchar')}, '%Y-%m-%d')"
    assert duckdb.execute(sql, [written]).fetchone()[0] == "1950-03-07"


def test_the_pseudonymised_files_hold_keys_months_and_small_areas(extracts):
    rows = rows_of(extracts["gp_registrations"])
    assert ",".join(rows[0]) == (
        "registration_id,person_key,birth_month,lsoa_code,sex,ethnic_group,practice_code,registered_from,registered_to"
    )
    for index, row in enumerate(rows):
        expected = hmac.new(place.KEY, place.NUMBERS[index].encode(), hashlib.sha256).hexdigest()
        assert row["person_key"] == expected
        assert row["birth_month"] == f"19{50 + index}-03"
        assert row["lsoa_code"] == place.small_area(index)
    episode = rows_of(extracts["apc_episodes"])[0]
    assert (episode["MYDOB"], episode["PSEUDO_HESID"]) == ("031950", rows[0]["person_key"])


def test_the_order_of_a_large_file_is_kept(data, breakwater):
    """By it the provider finds the row that the gate names; the file is read in several pieces."""
    path = data.provider / "gp_registrations" / "gp_registrations_2025-04-01_2026-03-31.csv"
    header, row = path.read_text().splitlines()[:2]
    rest = row.split(",", 1)[1]
    # every third postcode is not in the lookup: no row may wait for its answer
    odd = rest.replace(place.postcode(0).replace(" ", ""), "ZZ99 9ZZ")
    rows = (f"G{n:06d},{odd if n % 3 else rest}" for n in range(300_000))
    path.write_text("\n".join([header, *rows]) + "\n")
    assert breakwater("pseudonymise").exit_code == 0
    target = data.extracts / "gp_registrations" / path.with_suffix(".parquet").name
    assert duckdb.sql(
        "select count(*), count(*) filter (registration_id = 'G' || lpad(file_row_number::varchar, 6, '0')),"
        f" count(lsoa_code) from read_parquet('{target}', file_row_number = true)"
    ).fetchall() == [(300_000, 300_000, 100_000)]


def test_no_identity_and_no_key_is_written(data, extracts):
    written = b"".join(path.read_bytes() for path in data.extracts.rglob("*") if path.is_file())
    for identity in (*place.NUMBERS, "Planted", "ZS1 1AA", "ZS11AA", place.KEY.hex()):
        assert identity.encode() not in written
    assert not list(data.temporary.glob("*"))


def test_a_second_run_makes_nothing_and_another_key_makes_all(breakwater, extracts, monkeypatch):
    again = breakwater("pseudonymise", "--format", "csv")
    assert "0 made, 3 unchanged" in again.output
    key_file = Path(extracts["permissions"]).parents[1] / "other.key"
    key_file.write_text(f"id: test-2\nkey: {'ab' * 32}\n")
    other = breakwater("pseudonymise", "--format", "csv", "--key-file", key_file)
    assert "3 made, 0 unchanged" in other.output


def test_the_key_comes_from_the_environment_too(breakwater, data, monkeypatch):
    (data.provider / "pseudonym.key").unlink()
    missing = breakwater("pseudonymise")
    assert missing.exit_code == 1 and "no pseudonym key" in missing.output
    monkeypatch.setenv("BREAKWATER_PSEUDONYM_KEY", f"test-1:{place.KEY.hex()}")
    assert breakwater("pseudonymise").exit_code == 0


@pytest.mark.parametrize("text", ["id: a\nkey: zz\n", "key: " + "ab" * 32, "id: a\nkey: abcd\n", ""])
def test_a_bad_key_file_is_refused_without_its_content(breakwater, data, text):
    (data.provider / "pseudonym.key").write_text(text)
    result = breakwater("pseudonymise")
    assert result.exit_code == 1
    assert result.output.startswith("breakwater: pseudonym.key")
    assert "abab" not in result.output


def test_a_missing_column_is_named(breakwater, data):
    path = data.provider / "permissions" / "permissions_2025-04-01_2026-03-31.csv"
    rows = [{name: value for name, value in row.items() if name != "state"} for row in rows_of(path)]
    place.write_csv(path, rows)
    result = breakwater("pseudonymise")
    assert result.exit_code == 1 and "has no column state" in result.output


@pytest.mark.parametrize("area", ["lsoa21", "lsoa11"])
def test_a_layout_with_areas_of_2011_needs_them_in_the_lookup(breakwater, data, area):
    """The columns of the postcode lookup are asked for where a layout needs them, and only there."""
    columns = [column for column in contracts()["emergency_care"].columns]
    given = {c.made_from[0] if c.made_from else c.file: "" for c in columns}
    given |= {"NHS_NUMBER": place.NUMBERS[0], "POSTCODE": "zs11aa"}
    folder = data.provider / "emergency_care"
    path = place.write_csv(folder / "emergency_care_2025-04-01_2026-03-31.csv", [given])
    told = json.loads(next((data.provider / "permissions").glob("*.json")).read_text())
    path.with_suffix(".json").write_text(json.dumps(told | {"extract": "emergency_care", "layout": "ecds/1"}))
    place.write_csv(data.provider / "postcodes.csv", [{"postcode": "ZS1 1AA", area: "E01015895"}])
    words = ("--extract", "emergency_care", "--layout", "ecds/1", "--period", *place.PERIOD)
    words += ("--key-file", data.provider / "pseudonym.key", "--lookup", data.provider / "postcodes.csv")
    result = breakwater("pseudonymise", path, *words, "--format", "csv", "--to", data.root / "out")
    if area == "lsoa21":
        assert result.exit_code == 1 and "postcodes.csv has no column lsoa11" in result.output
    else:
        assert result.exit_code == 0, result.output
        written = next((data.root / "out").rglob("*.csv"))
        assert rows_of(written)[0]["LSOA_2011"] == "E01015895"
