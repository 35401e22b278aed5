"""The ledger of planted dirt says what is in the files, found here without the generator."""

from collections import Counter
from datetime import date

import pytest
from breakwater.reference import seed
from synthetic_place import right_check_digit

FIELDS = {
    "gp_registrations": ("registration_id", "nhs_number", "registered_from", "registered_to"),
    "apc_episodes": ("EPIKEY", "NEWNHSNO", "EPISTART", "EPIEND"),
    "social_care_events": ("Event_Reference", "NHS_Number", "Event_Start_Date", "Event_End_Date"),
    "deaths": ("DEC_ID", "DEC_NHS_NUMBER", "REG_DATE_OF_DEATH", "REG_DATE"),
    "permissions": ("permission_id", "nhs_number", "from_date", "to_date"),
    "emergency_care": ("EPIKEY", "NHS_NUMBER", "ARRIVAL_DATE", "DEPARTURE_DATE"),
    "outpatients": ("ATTENDKEY", "NEWNHSNO", "APPTDATE", None),
    "community_contacts": (
        "UNIQUE CARE CONTACT IDENTIFIER",
        "NHS NUMBER",
        "REFERRAL REQUEST RECEIVED DATE",
        "CARE CONTACT DATE",
    ),
    "mental_health": ("UniqRecordID", "NHSNumber", "ReferralRequestReceivedDate", "CareContDate"),
    "gp_conditions": ("condition_id", "nhs_number", "first_date", "last_date"),
}
CODES = {
    "gp_registrations": ("sex", {"1", "2", "9", "X"}),
    "apc_episodes": ("ADMIMETH", {"11", "12", "13", "21", "22", "24", "28", "2A", "2D", "31", "81", "82"}),
    "social_care_events": ("Event_Type", {"Request", "Assessment", "Service", "Review"}),
    "deaths": ("DEC_SEX", {"1", "2", "9", "X"}),
    "permissions": (
        "permission_type",
        {"type_1_opt_out", "national_data_opt_out", "social_care_consent", "practice_participation"},
    ),
    "emergency_care": ("DEPARTMENT_TYPE", {"01", "02", "03"}),
    "outpatients": ("ATTENDED", set("234567")),
    "community_contacts": ("ATTENDANCE STATUS", set("234567")),
    "mental_health": ("ServTeamTypeRefToMH", {row["code"] for row in seed.read("mental_health_teams")}),
    "gp_conditions": ("code", {row["code"] for row in seed.read("conditions")}),
}
BIRTH = {
    "gp_registrations": "date_of_birth",
    "social_care_events": "Date_of_Birth",
    "deaths": "DEC_DATE_OF_BIRTH",
    "emergency_care": "DATE_OF_BIRTH",
    "outpatients": "DOB",
    "community_contacts": "PERSON BIRTH DATE",
    "mental_health": "PersonBirthDate",
}


def day(text: str) -> date:
    return date.fromisoformat(text) if "-" in text else date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def faults(extract: str, rows: list[dict], period_end: str) -> Counter:
    """Count the faults of each kind, one a row."""
    key, number, start, end = FIELDS[extract]
    column, codes = CODES[extract]
    found, seen = Counter(), set()
    for row in rows:
        if row[key] in seen:
            found["duplicate key"] += 1
        elif row[number] and not right_check_digit(row[number]):
            found["invalid NHS number"] += 1
        elif row[column] not in codes:
            found["unknown code"] += 1
        elif day(row[start]) > day(period_end):
            found["after the end of the period"] += 1
        elif extract in BIRTH and day(row[BIRTH[extract]]) > day(period_end):
            found["birth in the future"] += 1
        elif end and row[end] and row[end] < row[start]:
            found["end before start"] += 1
        seen.add(row[key])
    return found


def test_every_file_is_in_the_ledger_and_its_rows_are_accounted_for(dirty):
    files = dirty.ledger["files"]
    on_disk = {p.name for p in dirty.folder.glob("*/*.csv")}
    assert {file["file"] for file in files} == on_disk
    for file in files:
        assert file["offered"] == len(dirty.file(file["extract"], file["file"]))
        parts = ("accepted", "quarantined", "refused", "unchanged")
        assert file["offered"] == sum(file[part] for part in parts)


def test_totals_are_the_sums_of_the_files(dirty):
    for extract, total in dirty.ledger["totals"].items():
        of = [file for file in dirty.ledger["files"] if file["extract"] == extract]
        assert total == {name: sum(file[name] for file in of) for name in total}
        assert total["offered"] == dirty.place["rows"][extract]


def test_faulty_rows_are_those_of_the_ledger(dirty):
    kinds = set()
    for file in dirty.ledger["files"]:
        if file["expected"] == "refused":
            continue
        rows = dirty.file(file["extract"], file["file"])
        planted = Counter()
        # A copy holds the faults of what it copies, and goes unread.
        name = file["file"].replace("_copy", "")
        for entry in dirty.ledger["planted"]:
            if entry["file"] == name and entry["expected"] == "quarantined":
                planted[entry["kind"]] += entry["count"]
        assert faults(file["extract"], rows, file["period_end"]) == planted
        if file["expected"] == "landed":
            assert file["quarantined"] == planted.total()
        kinds |= set(planted)
    assert len(kinds) == 6


def test_no_file_is_so_dirty_that_it_would_be_refused_for_that(dirty):
    assert all(file["quarantined"] <= 0.01 * file["offered"] for file in dirty.ledger["files"])


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("late file", "landed"),
        ("repeated file", "unchanged"),
        ("re-supplied period", "replaced"),
        ("identity in a coded column", "refused"),
    ],
)
def test_whole_files_are_planted_too(dirty, kind, expected):
    planted = [entry for entry in dirty.ledger["planted"] if entry["kind"] == kind]
    assert planted
    assert {entry["expected"] for entry in planted} == {expected}
    assert all(entry["count"] > 0 for entry in planted)


def test_repeated_file_is_the_same_and_replaced_one_is_part_of_its_successor(dirty):
    entry = {e["kind"]: e for e in dirty.ledger["planted"]}
    copy = entry["repeated file"]
    folder = dirty.folder / copy["extract"]
    assert (folder / copy["file"]).read_bytes() == (folder / copy["file"].replace("_copy", "")).read_bytes()
    old = entry["re-supplied period"]
    rows = {row["Event_Reference"] for row in dirty.file(old["extract"], old["file"])}
    new = {r["Event_Reference"] for r in dirty.file(old["extract"], old["file"].replace(".csv", "_v2.csv"))}
    assert rows < new


def test_late_records_are_not_in_the_file_of_their_year(dirty):
    planted = [e for e in dirty.ledger["planted"] if e["kind"] == "late file"]
    assert {late["extract"] for late in planted} == {"apc_episodes", "outpatients"}
    for late in planted:
        key = FIELDS[late["extract"]][0]
        keys = {row[key] for row in dirty.file(late["extract"], late["file"])}
        for file in dirty.ledger["files"]:
            of_extract = file["extract"] == late["extract"] and file["expected"] == "landed"
            if of_extract and file["file"] != late["file"]:
                assert not keys & {row[key] for row in dirty.file(late["extract"], file["file"])}


def test_hidden_identity_is_in_the_column_the_ledger_names(dirty):
    for entry in dirty.ledger["planted"]:
        if entry["kind"] == "identity in a coded column":
            values = [row[entry["column"]] for row in dirty.file(entry["extract"], entry["file"])]
            hidden = [
                v
                for v in values
                if v.startswith(("ZS", "01632"))
                or "@" in v
                or (v.isdigit() and len(v) == 10 and right_check_digit(v))
            ]
            assert len(hidden) == 1


def test_without_dirt_nothing_is_planted_and_truth_is_the_same(clean, dirty):
    assert clean.ledger["planted"] == []
    assert all(file["accepted"] == file["offered"] for file in clean.ledger["files"])
    for extract, total in clean.ledger["totals"].items():
        accepted = dirty.ledger["totals"][extract]["accepted"]
        replaced = sum(
            f["accepted"]
            for f in dirty.ledger["files"]
            if f["extract"] == extract and f["expected"] == "replaced"
        )
        assert accepted - replaced == total["accepted"]
