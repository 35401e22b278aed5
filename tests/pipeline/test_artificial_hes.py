"""NHS Digital's artificial Hospital Episode Statistics, as published: landed, and stays counted."""

import csv
import hashlib
import json
from collections import defaultdict

import polars as pl
import pytest
from breakwater import settings, warehouse
from breakwater.settings import DataFolder

from tests.pipeline.conftest import attempt

FILE = settings.PROJECT.parent / "shared/reference/artificial/hes/artificial_hes_apc_0102.csv"
KEY_ID = "hes-artificial"
PERIOD = ("2001-04-01", "2002-03-31")


@pytest.fixture(scope="module")
def landed(tmp_path_factory) -> DataFolder:
    """A place in which all the people of the artificial file are registered, since only registered people count."""
    if not FILE.exists():
        pytest.skip(
            "the artificial HES files are not beside this project (../shared/reference/artificial/hes)"
        )
    data = DataFolder(tmp_path_factory.mktemp("hes"))
    people = sorted({row["PSEUDO_HESID"] for row in rows()})
    areas = pl.read_csv(settings.PROJECT / "seeds" / "areas.csv")
    small_areas = areas.filter(pl.col("area_type") == "small_area")["area_code"].to_list()
    practice = areas.filter(pl.col("area_type") == "practice")["area_code"][0]
    registrations = {
        "registration_id": [f"R{number}" for number in range(len(people))],
        "person_key": people,
        "birth_month": ["1950-01"] * len(people),
        "lsoa_code": [small_areas[number % len(small_areas)] for number in range(len(people))],
        "sex": ["1"] * len(people),
        "ethnic_group": ["Z"] * len(people),
        "practice_code": [practice] * len(people),
        "registered_from": ["1980-01-01"] * len(people),
        "registered_to": [None] * len(people),
    }
    permissions = {
        "permission_id": ["P1"], "person_key": [None], "practice_code": [practice],
        "permission_type": ["practice_participation"],
        "state": ["in"], "from_date": ["1980-01-01"], "to_date": [None],
    }  # fmt: skip
    offer(data, "gp_registrations", registrations)
    offer(data, "permissions", permissions)
    result = attempt(data.root, "land")
    assert result.returncode == 0, result.stderr
    words = ("--extract", "apc_episodes", "--layout", "hes_apc/193", "--period", *PERIOD, "--key-id", KEY_ID)
    result = attempt(data.root, "land", str(FILE), *words)
    assert result.returncode == 0, result.stderr
    return data


def offer(data: DataFolder, extract: str, columns: dict) -> None:
    folder = data.extracts / extract
    folder.mkdir(parents=True)
    path = folder / f"{extract}_{PERIOD[0]}_{PERIOD[1]}.parquet"
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    frame.write_parquet(path)
    manifest = {
        "extract": extract, "layout": f"{extract}/1", "period_start": PERIOD[0], "period_end": PERIOD[1],
        "rows": frame.height, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "key_id": KEY_ID,
        "made_at": "2026-01-01T00:00:00",
    }  # fmt: skip
    path.with_name(path.stem + ".manifest.json").write_text(json.dumps(manifest))


def rows() -> list[dict]:
    with FILE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def emergency_spells(data: DataFolder) -> int:
    """Emergency spells of the year, counted in plain Python from the published file, less quarantined lines."""
    with warehouse.connect(data, read_only=True) as source:
        aside = {row[0] for row in source.execute("select line from ledger.quarantine").fetchall()}
    spells = defaultdict(list)
    for line, row in enumerate(rows(), start=2):
        if line not in aside and row["ADMIDATE"] > "1801-01-01":
            spells[row["PSEUDO_HESID"], row["PROCODE3"], row["ADMIDATE"]].append(row)
    count = 0
    for episodes in spells.values():
        first = min(
            episodes, key=lambda row: (int(float(row["EPIORDER"] or 99)), row["EPISTART"], row["EPIKEY"])
        )
        age = float(first["STARTAGE"] or -1)
        in_year = PERIOD[0] <= first["ADMIDATE"] <= PERIOD[1]
        count += in_year and first["ADMIMETH"].startswith("2") and (0 <= age <= 120 or 7001 <= age <= 7007)
    return count


def test_it_lands_as_it_is(landed):
    with warehouse.connect(landed, read_only=True) as source:
        offered, accepted, quarantined = source.execute(
            "select offered, accepted, quarantined from ledger.files where extract = 'apc_episodes'"
        ).fetchone()
    assert offered == 2075 and accepted + quarantined == offered and accepted > 2000


def test_it_counts_through_the_same_models(landed):
    result = attempt(landed.root, "build")
    assert result.returncode == 0, result.stderr[-2000:]
    with warehouse.connect(landed, read_only=True) as source:
        counted = source.execute(
            "select counted from disclosure.counted_cells where units_model = 'emergency_admissions_units' "
            "and category_set like '% + %' and period_type = 'year' and period_start = date '2001-04-01' "
            "and area_level = 'place' and age_band = 'all' and sex = 'all'"
        ).fetchone()[0]
    expected = emergency_spells(landed)
    assert expected > 100
    assert counted == expected


def test_appointments_land_as_they_are(tmp_path):
    path = FILE.with_name("artificial_hes_op_0304_truncated.csv")
    if not path.exists():
        pytest.skip(
            "the artificial HES files are not beside this project (../shared/reference/artificial/hes)"
        )
    period = ("2003-04-01", "2004-03-31")
    words = ("--extract", "outpatients", "--layout", "hes_op/157", "--period", *period, "--key-id", KEY_ID)
    result = attempt(tmp_path, "land", str(path), *words)
    assert result.returncode == 0, result.stderr
    with warehouse.connect(DataFolder(tmp_path), read_only=True) as source:
        offered, accepted = source.execute("select offered, accepted from ledger.files").fetchone()
        unknown = source.execute(
            "select count(*) from landed.outpatients where reqdate = '1800-01-01'"
        ).fetchone()
    assert (offered, accepted) == (1000, 999) and unknown == (142,)


def test_attendances_of_the_layout_before_ecds_land_as_they_are(tmp_path):
    path = FILE.with_name("artificial_hes_ae_0708_truncated.csv")
    if not path.exists():
        pytest.skip(
            "the artificial HES files are not beside this project (../shared/reference/artificial/hes)"
        )
    period = ("2007-04-01", "2008-03-31")
    words = ("--extract", "emergency_care", "--layout", "hes_ae/165", "--period", *period, "--key-id", KEY_ID)
    result = attempt(tmp_path, "land", str(path), *words)
    assert result.returncode == 0, result.stderr
    with path.open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    with warehouse.connect(DataFolder(tmp_path), read_only=True) as source:
        assert source.execute("select offered, accepted from ledger.files").fetchone() == (1000, 1000)
        # each column that the contract names holds what the file says, read here by itself
        landed = source.execute(
            "select epikey, person_key, lsoa_2011, stated_gender, practice_code_patient_registration, age_at_arrival,"
            " provider_code, department_type, attendance_category, arrival_date::varchar, arrival_time, arrival_mode,"
            " initial_assessment_time_since_arrival, departure_time_since_arrival, discharge_destination"
            " from landed.emergency_care order by _line"
        ).fetchall()
        empty = source.execute(
            "select count(birth_year), count(departure_date), count(acuity), count(chief_complaint),"
            " count(diagnosis_code_1), count(discharge_status), count(decision_to_admit_time_since_arrival)"
            " from landed.emergency_care"
        ).fetchone()
    names = "AEKEY PSEUDO_HESID LSOA11 SEX GPPRAC ARRIVALAGE PROCODE3 AEDEPTTYPE AEATTENDCAT ARRIVALDATE ARRIVALTIME"
    names = [*names.split(), "AEARRIVALMODE", "INITDUR", "DEPDUR", "AEATTENDDISP"]
    numbers = {"ARRIVALAGE", "INITDUR", "DEPDUR"}
    expected = [
        tuple(
            (int(float(row[name])) if name in numbers else row[name]) if row[name] else None for name in names
        )
        for row in written
    ]
    assert landed == expected and not any(empty)
