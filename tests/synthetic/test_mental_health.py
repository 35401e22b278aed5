"""Mental health care: of the people whom the registers know, contacts after referrals, stays apart."""

from collections import Counter, defaultdict

import pytest


@pytest.fixture(scope="module")
def records(clean):
    return clean.rows("mental_health")


@pytest.fixture(scope="module")
def by_table(records):
    result = defaultdict(list)
    for row in records:
        result[row["TableName"]].append(row)
    return result


def test_each_record_has_the_fields_of_its_table(by_table):
    assert set(by_table) == {"MHS101", "MHS201", "MHS501"}
    for name, column in {"MHS201": "CareContDate", "MHS501": "StartDateHospProvSpell"}.items():
        for table, rows in by_table.items():
            assert all(bool(row[column]) == (table == name) for row in rows)
    assert all(row["SourceOfReferralMH"] for row in by_table["MHS101"])


def test_contacts_come_after_their_referral_and_before_it_is_closed(by_table):
    referrals = {row["UniqServReqID"]: row for row in by_table["MHS101"]}
    assert len(referrals) == len(by_table["MHS101"])
    within = 0
    for row in by_table["MHS201"]:
        assert row["ReferralRequestReceivedDate"] <= row["CareContDate"]
        referral = referrals.get(row["UniqServReqID"])
        if referral:  # those from before the data are not in it
            within += 1
            assert referral["NHSNumber"] == row["NHSNumber"]
            assert row["CareContDate"] <= (referral["ServDischDate"] or "9999")
    assert within > 0.8 * len(by_table["MHS201"])


def test_stays_of_a_person_do_not_overlap_and_end_with_death(clean, by_table):
    deaths = {row["DEC_NHS_NUMBER"]: row["REG_DATE_OF_DEATH"] for row in clean.rows("deaths")}
    stays = defaultdict(list)
    for row in by_table["MHS501"]:
        first, last = row["StartDateHospProvSpell"], row["DischDateHospProvSpell"] or "9999-12-31"
        stays[row["NHSNumber"]].append((first, last))
        assert first <= last
        assert last.replace("-", "") <= deaths.get(row["NHSNumber"], "99991231")
    for some in stays.values():
        some.sort()
        assert all(a[1] < b[0] for a, b in zip(some, some[1:], strict=False))


def test_contacts_follow_the_registers(clean, by_table):
    registers = defaultdict(set)
    for row in clean.rows("gp_conditions"):
        if row["code_list"] == "QOF":
            registers[row["code"]].add(row["nhs_number"])
    contacts = Counter(row["NHSNumber"] for row in by_table["MHS201"])
    everyone = {row["nhs_number"] for row in clean.rows("gp_registrations")}

    def mean(people):
        return sum(contacts[number] for number in people) / len(people)

    assert mean(registers["MH"]) > 3 * mean(registers["DEP"]) > 3 * mean(everyone)
    memory = {row["NHSNumber"] for row in by_table["MHS101"] if row["ServTeamTypeRefToMH"] == "A17"}
    assert memory <= registers["DEM"]
    assert 0.2 < clean.place["comparison"]["mental_health_contacts"]["rows_a_year"] / 3000 < 0.5
