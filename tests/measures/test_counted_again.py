"""Measures counted again in plain Python over the staged rows of the small place: one person at a time, no window."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from breakwater import warehouse
from breakwater.settings import DataFolder

LONG_TERM = {
    "Long term support: Nursing care": "nursing",
    "Long term support: Residential care": "residential",
}
FAR = date(9999, 12, 31)


@pytest.fixture(scope="module")
def ask(small_place: DataFolder):
    """A question to the warehouse in SQL, answered as a list of dictionaries."""
    with warehouse.connect(small_place, read_only=True) as source:

        def rows(sql: str) -> list[dict]:
            answer = source.execute(sql)
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        yield rows


@pytest.fixture(scope="module")
def here(ask) -> set[str]:
    return {row["small_area_code"] for row in ask("select small_area_code from linked.int_areas")}


@pytest.fixture(scope="module")
def stays(ask, here) -> list[dict]:
    """Hospital stays of everybody, of which `here` says whether a resident's: made of the staged episodes once more."""
    spells: dict[tuple, list[dict]] = defaultdict(list)
    for episode in ask("select * from staging.stg_apc_episodes where admission_date is not null"):
        spells[episode["person_key"], episode["provider_code"], episode["admission_date"]].append(episode)
    registered = defaultdict(list)
    for row in ask("select * from linked.int_registrations"):
        registered[row["person_key"]].append(row)
    made = []
    for (person, _, admitted), episodes in spells.items():
        # as in a spell: no order comes last
        episodes.sort(key=lambda e: (e["episode_order"] or 999, e["episode_start"] or FAR, e["episode_id"]))
        ordered = [e for e in episodes if e["episode_order"]] or episodes
        first, last = (
            episodes[0],
            max(
                ordered,
                key=lambda e: (e["episode_order"] or 0, e["episode_start"] or date.min, e["episode_id"]),
            ),
        )
        homes = [r for r in registered[person] if r["valid_from"] <= admitted < r["valid_until"]]
        area = first["small_area_code"] or (homes[0]["small_area_code"] if homes else None)
        made.append(first | {
            "discharge_date": last["discharge_date"], "discharge_destination": last["discharge_destination"],
            "discharge_method": last["discharge_method"], "discharge_ready_date": last["discharge_ready_date"],
            "last_specialty": last["treatment_function"] or "", "here": area in here, "area": area,
            "emergency": (first["admission_method"] or "").startswith("2"),
        })  # fmt: skip
    return made


def diagnoses(stay: dict) -> list[str]:
    return [code for code in [stay["primary_diagnosis"], *others(stay)] if code]


def others(stay: dict) -> list[str]:
    return [stay[f"diagnosis_{n}"] for n in range(2, 7) if stay[f"diagnosis_{n}"]]


def year_of(day: date) -> int:
    return day.year - (day.month < 4)


def in_units(ask, units: str, where: str = "true") -> Counter:
    found = ask(
        f"select period_start, category, count(*) as n from measures.{units} where {where} group by all"
    )
    counted: Counter = Counter()
    for row in found:
        counted[year_of(row["period_start"]), row["category"]] += row["n"]
    return counted


def test_falls(ask, stays):
    counted: Counter = Counter()
    for stay in stays:
        if (
            not stay["here"]
            or not stay["emergency"]
            or (stay["age_at_start"] or 0) < 65
            or stay["episode_order"] != 1
        ):
            continue
        injured = (stay["primary_diagnosis"] or "")[:1] in ("S", "T")
        if injured and any(code[:2] in ("W0", "W1") for code in others(stay)):
            hip = stay["primary_diagnosis"][:4] in ("S720", "S721", "S722")
            counted[year_of(stay["admission_date"]), "broken hip" if hip else "other injury"] += 1
    assert sum(counted.values()) > 20
    assert in_units(ask, "falls_units") == counted


def test_chronic_ambulatory_care(ask, stays):
    """By three characters, of the codes that occur in the place; exclusions are of the heart operations alone."""
    names = {"E10": "Diabetes", "E14": "Diabetes", "J44": "COPD", "J45": "Asthma", "I50": "Heart failure",
             "I20": "Angina", "I48": "Atrial fibrillation"}  # fmt: skip
    counted: Counter = Counter()
    for stay in stays:
        name = names.get((stay["primary_diagnosis"] or "")[:3])
        operation = stay["main_procedure"] or "-"
        if (
            name == "Heart failure"
            and operation.startswith("K")
            or name == "Angina"
            and operation[0] in "ABCDEFGHIJKLMNOPQRSTVW"
        ):
            continue
        ordinary = stay["patient_classification"] == "1" and stay["admission_source"] not in (
            "51",
            "52",
            "53",
        )
        if name and ordinary and stay["here"] and stay["emergency"] and stay["episode_order"] == 1:
            counted[year_of(stay["admission_date"]), name] += 1
    assert sum(counted.values()) > 100
    assert in_units(ask, "chronic_ambulatory_care_units") == counted


def test_readmissions(ask, stays):
    by_person = defaultdict(list)
    for stay in stays:
        by_person[stay["person_key"]].append(stay)

    def cancer(stay: dict) -> bool:
        return any(
            c[0] == "C" or c[:3] in ("D37", "D38", "D39") or c[:2] == "D4" or c[:4] in ("Z511", "Z542")
            for c in diagnoses(stay)
        )

    counted: Counter = Counter()
    for mine in by_person.values():
        followed = set()
        for again in (stay for stay in mine if stay["emergency"] and stay["admission_method"] != "2B"):
            if again["admission_source"] in ("51", "52", "53") or again["last_specialty"].startswith("7"):
                continue
            before = [
                stay for stay in mine
                if stay["discharge_date"] and 0 <= (again["admission_date"] - stay["discharge_date"]).days <= 29
                and (stay["admission_date"], stay["episode_id"]) < (again["admission_date"], again["episode_id"])
            ]  # fmt: skip
            if before:
                followed.add(
                    max(before, key=lambda s: (s["discharge_date"], s["admission_date"], s["episode_id"]))[
                        "episode_id"
                    ]
                )
        for stay in mine:
            left = stay["discharge_date"]
            out = (
                not left or not stay["here"] or stay["age_at_start"] is None or stay["patient_classification"] != "1"
                or stay["discharge_method"] in ("4", "5") or stay["episode_type"] not in (None, "1")
                or stay["discharge_destination"] in ("49", "50", "51", "52", "53", "79", "84", "87")
                or stay["admission_method"] in ("31", "32", "82", "83")
                or stay["last_specialty"] in ("501", "560") or stay["last_specialty"].startswith("7")
                or any(
                    cancer(s) and s["admission_date"] <= left and (s["discharge_date"] or FAR) >= left - timedelta(365)
                    for s in mine
                )
            )  # fmt: skip
            if not out and left <= date(2026, 3, 31):
                counted[
                    year_of(left), "readmitted" if stay["episode_id"] in followed else "not readmitted"
                ] += 1
    assert sum(n for (_, k), n in counted.items() if k == "readmitted") > 50
    assert in_units(ask, "readmissions_units", "period_start < '2026-04-01'") == counted


def test_discharges_home_and_their_wait(ask, stays):
    counted: Counter = Counter()
    for stay in stays:
        left, ready = stay["discharge_date"], stay["discharge_ready_date"]
        if not left or left <= stay["admission_date"] or (stay["age_at_start"] or 0) < 18 or not stay["here"]:
            continue
        if (
            stay["patient_classification"] != "1"
            or stay["discharge_method"] in ("4", "5")
            or stay["episode_type"] not in (None, "1")
        ):
            continue
        if stay["discharge_destination"] in ("49", "50", "51", "52", "53", "79", "84", "87"):
            continue
        if stay["admission_method"] in ("31", "32", "82", "83") or stay["last_specialty"] in ("501", "560"):
            continue
        if stay["last_specialty"].startswith("7"):
            continue
        days = (left - ready).days if ready and stay["admission_date"] <= ready <= left else None
        waits = ((0, "the same day"), (6, "1 to 6 days"), (20, "7 to 20 days"), (10_000, "21 days or more"))
        wait = "ready day not known" if days is None else next(name for most, name in waits if days <= most)
        to = "usual home" if stay["discharge_destination"] == "19" else "elsewhere"
        counted[year_of(left), f"{to}, {wait}"] += 1
    assert sum(counted.values()) > 300
    assert in_units(ask, "discharges_units") == counted


def test_attendances(ask, here):
    counted: Counter = Counter()
    for row in ask("select * from staging.stg_emergency_care"):
        if row["small_area_code"] not in here or row["arrival_date"] is None or row["age_at_arrival"] is None:
            continue
        if row["attendance_category"] not in ("1", "2", "3") or row["department_type"] not in (
            "01",
            "02",
            "03",
            "04",
        ):
            continue
        minutes = row["minutes_to_departure"]
        wait = "wait not known" if minutes is None else "within 4 hours" if minutes <= 240 else "longer"
        department = "emergency department" if row["department_type"] == "01" else "other department"
        arrival = "by ambulance" if row["arrival_mode"] == "ambulance" else "otherwise"
        counted[year_of(row["arrival_date"]), f"{department}, {arrival}, {wait}"] += 1
    assert sum(counted.values()) > 3_000
    assert in_units(ask, "emergency_attendances_units") == counted


@pytest.fixture(scope="module")
def services(ask) -> dict[str, list[dict]]:
    by_person = defaultdict(list)
    for row in ask(
        "select * from staging.stg_social_care_events where client_type = 'Service user' order by event_start_date"
    ):
        by_person[row["person_key"]].append(row | {"ends": row["event_end_date"] or FAR})
    return by_person


def home_of(ask) -> dict[str, list[dict]]:
    homes = defaultdict(list)
    for row in ask("select * from linked.int_registrations"):
        homes[row["person_key"]].append(row)
    return homes


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def test_care_home_admissions(ask, services, here):
    homes, counted = home_of(ask), Counter()
    for person, mine in services.items():
        care = [s for s in mine if s["event_type"] == "Service" and s["service_type"] in LONG_TERM]
        for start in {s["event_start_date"] for s in care}:
            if any(s["event_start_date"] < start and s["ends"] >= start - timedelta(365) for s in care):
                continue
            home = [h for h in homes[person] if h["valid_from"] <= start < h["valid_until"]]
            area = min(s["small_area_code"] or "~" for s in care if s["event_start_date"] == start)
            lives_here = bool(home) and (home[0]["small_area_code"] if area == "~" else area) in here
            if lives_here and months_between(home[0]["birth_month"], start) // 12 >= 65:
                counted[year_of(start), "admitted"] += 1
    assert sum(counted.values()) > 10
    assert in_units(ask, "care_home_admissions_units") == counted


def test_long_term_support_by_setting(ask, services, here):
    homes, counted = home_of(ask), Counter()
    order = [
        "Long term support: Nursing care",
        "Long term support: Residential care",
        "Long term support: Community",
    ]
    for person, mine in services.items():
        for year in (2024, 2025):
            first, last = date(year, 4, 1), date(year + 1, 3, 31)
            support = [s for s in mine if s["event_type"] == "Service" and s["service_type"] in order
                       and s["event_start_date"] <= last and s["ends"] >= first]  # fmt: skip
            if not support:
                continue
            day = max(first, min(s["event_start_date"] for s in support))
            home = [h for h in homes[person] if h["valid_from"] <= day < h["valid_until"]]
            if (
                home
                and home[0]["small_area_code"] in here
                and months_between(home[0]["birth_month"], last) // 12 >= 18
            ):
                most = min(order.index(s["service_type"]) for s in support)
                counted[year, ("nursing", "residential", "home")[most]] += 1
    found: Counter = Counter()
    for (year, category), n in in_units(
        ask, "long_term_support_units", "period_start < '2026-04-01'"
    ).items():
        setting = category.split(", ")[0]
        found[year, "home" if setting == "direct payment" else setting] += n
    assert sum(counted.values()) > 50
    assert found == counted


def test_frailty(ask, here):
    deficits: Counter = Counter()
    people = {}
    for row in ask("""
        select c.person_key, c.code, r.birth_month, r.small_area_code, c.first_date,
            coalesce(c.last_date, date '9999-12-31') as last_date
        from staging.stg_gp_conditions as c inner join linked.int_registrations as r on c.person_key = r.person_key
            and date '2025-06-30' >= r.valid_from and date '2025-06-30' < r.valid_until
        where c.code_list = 'eFI'
    """):
        day = date(2025, 6, 30)
        aged = months_between(row["birth_month"], day) // 12 >= 65
        if aged and row["small_area_code"] in here and row["first_date"] <= day <= row["last_date"]:
            deficits[row["person_key"], row["code"]] = 1
            people[row["person_key"]] = 0
    for person, _ in deficits:
        people[person] += 1
    counted = Counter(("mild", "moderate", "severe")[(n > 8) + (n > 12)] for n in people.values() if n > 4)
    found = {row["category"]: row["n"] for row in ask(
        "select category, count(*) as n from measures.frailty_units where period_start = '2025-06-30' group by all"
    )}  # fmt: skip
    assert sum(counted.values()) > 100
    assert found == dict(counted)
