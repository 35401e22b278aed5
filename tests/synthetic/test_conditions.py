"""Registers and deficits: as common as published, held by the people who fill the hospital, coded there too."""

from collections import Counter, defaultdict

import pytest
from breakwater.reference import files
from breakwater.settings import PROJECT
from breakwater.synthetic import published

REFERENCE = PROJECT.parent / "shared" / "reference"
TODAY = "2026-09-30"


@pytest.fixture(scope="module")
def listed(clean) -> dict[str, str]:
    """Date of birth of everyone registered on the last day, by NHS number."""
    rows = clean.rows("gp_registrations")
    return {
        row["nhs_number"]: row["date_of_birth"]
        for row in rows
        if row["registered_from"] <= TODAY <= (row["registered_to"] or TODAY)
    }


@pytest.fixture(scope="module")
def held(clean, listed) -> dict[str, set[str]]:
    """Codes that each listed person has on the last day."""
    result = defaultdict(set)
    for row in clean.rows("gp_conditions"):
        if row["nhs_number"] in listed and row["first_date"] <= TODAY and not row["last_date"]:
            result[row["nhs_number"]].add(row["code"])
    return result


def test_shares_are_the_published_ones():
    if not REFERENCE.is_dir():
        pytest.skip("the publishers' files are not at ../shared/reference")
    table = files.table(REFERENCE, "lad_code", "group_code", "prevalence")
    assert {row["group_code"]: round(float(row["prevalence"]), 5) for row in table} == published.PREVALENCE


@pytest.mark.parametrize(
    "code, born_until", [("HYP", TODAY), ("AST", TODAY), ("DM", "2009-09-30"), ("DEP", "2008-09-30")]
)
def test_a_register_holds_about_the_published_share_of_the_list(listed, held, code, born_until):
    of = [number for number, born in listed.items() if born <= born_until]
    assert sum(code in held[number] for number in of) / len(of) == pytest.approx(
        published.PREVALENCE[code], rel=0.2
    )


def test_the_comparison_has_every_register_and_is_printed(clean):
    made = clean.place["comparison"]["registers"]["made"]
    assert set(made) == set(published.PREVALENCE)
    assert f"HYP   15.3{made['HYP']:5.1f}" in clean.printed


def test_frailty_of_the_old_is_spread_as_published(listed, held):
    old = [number for number, born in listed.items() if born <= "1961-09-30"]
    deficits = [sum(code.startswith("EFI") for code in held[number]) for number in old]
    edges = (0, 0.12, 0.24, 0.36, 2)
    for share, low, high in zip(published.FRAILTY, edges, edges[1:], strict=False):
        assert sum(low <= n / 36 < high for n in deficits) / len(old) == pytest.approx(share, abs=0.06)


def test_a_deficit_that_is_a_register_follows_from_it(listed, held):
    pairs = {"AF": "EFI04", "DM": "EFI07", "HF": "EFI14", "HYP": "EFI17", "STIA": "EFI05"}
    old = [number for number, born in listed.items() if born <= "1961-09-01"]
    for number in old:
        for register, deficit in pairs.items():
            assert (register in held[number]) == (deficit in held[number])


def test_people_on_registers_are_admitted_more_often(clean, listed, held):
    stays = Counter(row["NEWNHSNO"] for row in clean.rows("apc_episodes") if row["ADMIMETH"].startswith("2"))
    middle = [number for number, born in listed.items() if "1946" <= born < "1971"]
    several = [n for n in middle if sum(not code.startswith("EFI") for code in held[n]) >= 3]
    none = [n for n in middle if not held[n]]

    def rate(some):
        return sum(stays[n] for n in some) / len(some)

    assert len(several) > 50 and rate(several) > 1.5 * rate(none)


def test_hospital_codes_the_conditions_that_the_practice_knows(clean, held):
    """COPD (J449) is coded second or later for people on that register, and for nobody else."""
    known = {r["nhs_number"]: r for r in clean.rows("gp_conditions") if r["code"] == "COPD"}
    coded = [
        row
        for row in clean.rows("apc_episodes")
        if "J449" in (row[f"DIAG_4_{n:02d}"] for n in range(2, 7)) and row["SPELEND"] == "Y"
    ]
    assert len(coded) > 20
    assert all(known[row["NEWNHSNO"]]["first_date"] <= row["ADMIDATE"] for row in coded)


def test_a_condition_is_recorded_once_and_never_after_death(clean):
    deaths = {row["DEC_NHS_NUMBER"]: row["REG_DATE_OF_DEATH"] for row in clean.rows("deaths")}
    seen = set()
    for row in clean.rows("gp_conditions"):
        assert (row["nhs_number"], row["code"]) not in seen
        seen.add((row["nhs_number"], row["code"]))
        assert row["first_date"].replace("-", "") <= deaths.get(row["nhs_number"], "9")
