"""A small release of an invented place, in the exact shape of a real one, for tests of what reads releases.

The place, its people and every number are made up here; the numbers are protected as a release's are
(counts to the nearest 5, small ones withheld), but do not add up: nothing that reads a release may sum cells.
"""

import hashlib
import json
import math
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from breakwater.outlines import schematic_outlines

RELEASE_ID = "2026-11-02-sample"
AGES = ["0-4", *(f"{low}-{low + 4}" for low in range(5, 90, 5)), "90+"]
BROAD = {"0-19": AGES[:4], "20-64": AGES[4:13], "65-74": AGES[13:15], "75-84": AGES[15:17], "85+": AGES[17:]}
YEARS = [date(year, 4, 1) for year in range(2021, 2026)]
QUARTERS = [date(year, month, 1) for year in (2024, 2025) for month in (1, 4, 7, 10)][1:]
MONTHS = [date(2025, month, 1) for month in range(1, 13)] + [date(2026, month, 1) for month in range(1, 7)]
MID_YEARS = [date(year, 6, 30) for year in range(2021, 2027)]

CELL_COLUMNS = """measure varchar, period_type varchar, period_start date, area_type varchar,
area_code varchar, age_band varchar, sex varchar, deprivation_quintile varchar, category_type varchar,
category varchar, numerator bigint, denominator bigint, value double, lower double, upper double,
status varchar"""
CATALOGUE = {
    "measures": """measure varchar, title varchar, topic varchar, definition varchar, why_it_matters varchar,
        not_for varchar, numerator_text varchar, denominator_text varchar, polarity varchar,
        framework varchar, framework_year varchar, source_extracts varchar, purpose varchar,
        legal_basis varchar, owner varchar, next_review date, position integer""",
    "series": """measure varchar, category_type varchar, category varchar, label varchar, kind varchar,
        unit varchar, value_label varchar, decimals integer, position integer, headline boolean""",
    "areas": """area_code varchar, area_type varchar, area_name varchar, parent_code varchar, latitude double,
        longitude double, deprivation_decile integer, deprivation_quintile integer, outline varchar,
        outline_kind varchar""",
    "release": """release_id varchar, made_at timestamp, data_up_to date, place_code varchar,
        place_name varchar, synthetic boolean, policy varchar, software_version varchar, cells bigint,
        withheld bigint""",
    "checks": """gate varchar, check_name varchar, subject varchar, passed boolean, detail varchar,
        seconds double""",
}
SERIES = [
    ("residents", "population", "residents", "Residents", "count", "people", "people", 0, 1, True),
    (
        "residents",
        "population",
        "registered",
        "People registered with a practice",
        "count",
        "people",
        "people",
        0,
        2,
        False,
    ),
    (
        "emergency_admissions",
        "counted",
        "spells",
        "Emergency admissions",
        "crude_rate",
        "spells",
        "per 1,000 people",
        1,
        1,
        True,
    ),
    (
        "emergency_admissions",
        "counted",
        "people",
        "People admitted in an emergency",
        "crude_rate",
        "people",
        "per 1,000 people",
        1,
        2,
        False,
    ),
    (
        "emergency_admissions",
        "standardised",
        "spells",
        "Emergency admissions allowing for age",
        "directly_standardised_rate",
        "spells",
        "per 100,000 people",
        0,
        3,
        False,
    ),
    (
        "reablement",
        "offer",
        "offered",
        "Offered re-ablement",
        "proportion",
        "discharges",
        "% of discharges of people aged 65 and over",
        1,
        1,
        True,
    ),
    (
        "reablement",
        "outcome",
        "at home",
        "At home after 84 days",
        "proportion",
        "discharges",
        "% of people offered re-ablement",
        1,
        2,
        True,
    ),
    (
        "reablement",
        "outcome",
        "died",
        "Died within 84 days",
        "proportion",
        "discharges",
        "% of people offered re-ablement",
        1,
        3,
        False,
    ),
]
FOURTH = (
    "bed_days",
    "counted",
    "days",
    "Days in hospital",
    "crude_rate",
    "days",
    "per 1,000 people",
    1,
    1,
    True,
)


def chance(*key) -> float:
    """Return a number in 0..1 that depends on nothing but the key."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def make_release(data: Path, *, fourth_measure: bool = False, release_id: str = RELEASE_ID) -> Path:
    """Write <data>/releases/<release id>/release.duckdb, point `current` at it, return its folder."""
    folder = data / "releases" / release_id
    folder.mkdir(parents=True)
    areas = invented_areas()
    marts = {
        "residents": list(residents(areas)),
        "emergency_admissions": list(emergency_admissions(areas)),
        "reablement": list(reablement(areas)),
    }
    series = list(SERIES)
    if fourth_measure:
        series.append(FOURTH)
        marts["bed_days"] = [
            cell(
                "bed_days",
                "year",
                start,
                "place",
                "Z06000001",
                "counted",
                "days",
                50_000 + 500 * n,
                60_000,
                per=1000,
            )
            for n, start in enumerate(YEARS)
        ]
    with duckdb.connect(str(folder / "release.duckdb")) as connection:
        for table, columns in CATALOGUE.items():
            connection.execute(f"create table {table} ({columns})")
        for measure, rows in marts.items():
            connection.execute(f"create table {measure} ({CELL_COLUMNS})")
            insert(connection, measure, rows)
        union = " union all ".join(f"select * from {measure}" for measure in marts)
        connection.execute(f"create view cells as {union}")
        insert(connection, "measures", [measure_row(name, n) for n, name in enumerate(marts, start=1)])
        insert(connection, "series", series)
        insert(connection, "areas", areas)
        insert(connection, "checks", CHECKS)
        rows = [row for mart in marts.values() for row in mart]
        policy = json.dumps({"threshold": 7, "rounding": 5, "least_candidates": 4})
        insert(
            connection,
            "release",
            [
                (
                    release_id,
                    datetime(2026, 11, 2, 9, 30),
                    date(2026, 6, 30),
                    "Z06000001",
                    "Seaport",
                    True,
                    policy,
                    "0.1.0",
                    len(rows),
                    sum(row[-1] == "c" for row in rows),
                )
            ],
        )
    current = data / "releases" / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(release_id)
    return folder


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple]) -> None:
    columns = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
    arrays = [pa.array(column) for column in zip(*rows, strict=True)]
    incoming = pa.table(dict(zip(columns, arrays, strict=True)))
    connection.execute(f"insert into {table} select * from incoming")
    assert incoming.num_rows == len(rows)


def invented_areas() -> list[tuple]:
    """Return areas rows: a coast of 3 localities, 9 wards, 45 small areas; and 4 practices."""
    wards = [
        "Ferry",
        "Harbour",
        "Castle",
        "Mill Lane",
        "St Brannock's",
        "Northfield",
        "Cockle Bank",
        "Lighthouse and Saltmarsh",
        "Easthaven",
    ]
    rows = [("Z06000001", "place", "Seaport", None, 51.55, 0.7, None, None)]
    rows += [
        (
            f"sea-{name}",
            "locality",
            f"Seaport {name.title()}",
            "Z06000001",
            51.55,
            0.66 + 0.04 * n,
            None,
            None,
        )
        for n, name in enumerate(["west", "central", "east"])
    ]
    localities = ["sea-west", "sea-central", "sea-east"]
    for n, name in enumerate(wards):
        west, north = 0.62 + 0.02 * n, 51.54 + 0.012 * chance("north", n)
        rows.append((f"Z0500000{n}", "ward", name, localities[n // 3], north, west, None, None))
        for part in range(5):
            decile = 1 + int(10 * chance("decile", n, part))
            rows.append(
                (
                    f"Z01000{n}{part:02}",
                    "small_area",
                    f"Seaport 00{n + 1}{'ABCDE'[part]}",
                    f"Z0500000{n}",
                    round(north - 0.012 + 0.008 * (part % 3) + 0.003 * chance("lat", n, part), 5),
                    round(west + 0.010 * (part // 3) + 0.004 * chance("lon", n, part), 5),
                    decile,
                    (decile + 1) // 2,
                )
            )
    names = [
        "The Ferry Road Surgery",
        "Harbour Medical Centre",
        "Dr Invented and Partners",
        "Easthaven Practice",
    ]
    rows += [
        (f"Z8100{n}", "practice", name, "Z06000001", None, None, None, None) for n, name in enumerate(names)
    ]
    drawn = [(code, lat, lon, parent) for code, kind, _, parent, lat, lon, *_ in rows if kind != "practice"]
    outlines = schematic_outlines(drawn)
    return [(*row, outlines.get(row[0]), "schematic" if row[0] in outlines else None) for row in rows]


def people(area: tuple, age: str, sex: str) -> float:
    """Return the people of an area in an age band ('all', broad or five-year) and sex, before rounding."""
    if age == "all" or age in BROAD:
        return sum(people(area, band, sex) for band in (AGES if age == "all" else BROAD[age]))
    if sex == "all":
        return people(area, age, "female") + people(area, age, "male")
    size = {"place": 1600, "locality": 530, "ward": 178, "small_area": 36, "practice": 400}.get(area[1], 320)
    old = AGES.index(age)
    shape = max(0.06, 1.25 - 0.0042 * max(0, old - 6) ** 2.1) * (1.12 if sex == "female" and old > 13 else 1)
    return size * shape * (0.8 + 0.4 * chance(area[0], age, sex))


def cell(
    measure,
    period_type,
    start,
    area_type,
    code,
    category_type,
    category,
    numerator,
    denominator=None,
    *,
    per=None,
    age="all",
    sex="all",
    quintile="all",
    status="shown",
) -> tuple:
    """Return one protected cell: withheld under 8, counts to the nearest 5, rates from those."""
    key = (measure, period_type, start, area_type, code, age, sex, quintile, category_type, category)
    shape = (measure, period_type, start, area_type, code, age, sex, quintile, category_type, category)
    small = 0 < numerator < 8 or (
        numerator and area_type in ("small_area", "practice") and chance(*key) < 0.04
    )
    if status == "shown" and small:
        status = "c"
    if status != "shown":
        return (*shape, None, None, None, None, None, status)
    numerator = 5 * round(numerator / 5)
    if per is None:
        return (*shape, numerator, None, float(numerator), None, None, status)
    denominator = max(5, 5 * round(denominator / 5))
    numerator = min(numerator, denominator) if per == 100 else numerator
    value, spread = per * numerator / denominator, 1.96 * per * math.sqrt(max(numerator, 1)) / denominator
    upper = value + spread if per != 100 else min(100.0, value + spread)
    return (*shape, numerator, denominator, value, max(0.0, value - spread), upper, status)


def cuts(areas, kinds, ages, sexes=("all", "female", "male"), quintiles=True):
    """Yield (area row, age, sex, quintile) of every cell of some cuts; quintile cells belong to the place."""
    for area in areas:
        if area[1] in kinds:
            for age in ages:
                for sex in sexes:
                    yield area, age, sex, "all"
    if quintiles:
        for quintile in "12345":
            for age in ages:
                for sex in sexes:
                    yield (areas[0][0], "quintile", quintile), age, sex, quintile


def residents(areas):
    for start in MID_YEARS:
        growth = 1 + 0.004 * (start.year - 2021)
        wide = cuts(areas, {"place", "locality", "ward"}, ["all", *BROAD, *AGES])
        narrow = cuts(areas, {"small_area"}, ["all", *BROAD], quintiles=False)
        for area, age, sex, quintile in (*wide, *narrow):
            kind = "place" if quintile != "all" else area[1]
            yield cell(
                "residents",
                "mid_year",
                start,
                kind,
                area[0],
                "population",
                "residents",
                growth * people(area, age, sex),
                age=age,
                sex=sex,
                quintile=quintile,
            )
        for area, age, sex, _ in cuts(areas, {"place", "practice"}, ["all", *BROAD], quintiles=False):
            yield cell(
                "residents",
                "mid_year",
                start,
                area[1],
                area[0],
                "population",
                "registered",
                1.05 * growth * people(area, age, sex),
                age=age,
                sex=sex,
            )


def emergency_admissions(areas):
    plan = [
        ("year", YEARS, {"place", "locality", "ward"}, ["all", *BROAD, *AGES], True),
        ("year", YEARS, {"small_area", "practice"}, ["all", *BROAD], False),
        ("quarter", QUARTERS, {"place", "locality", "ward"}, ["all", *BROAD], True),
        ("month", MONTHS, {"place", "locality"}, ["all", *BROAD], False),
    ]
    share = {"year": 1, "quarter": 0.25, "month": 1 / 12}
    for period_type, starts, kinds, ages, quintiles in plan:
        for start in starts:
            for area, age, sex, quintile in cuts(areas, kinds, ages, quintiles=quintiles):
                yield from admissions_of(area, age, sex, quintile, period_type, start, share[period_type])


def admissions_of(area, age, sex, quintile, period_type, start, share):
    kind = "place" if quintile != "all" else area[1]
    oldest = AGES.index((BROAD.get(age) or [age])[-1]) if age != "all" else 8
    luck = 0.88 + 0.24 * chance("luck", area[0], age, sex, period_type, start)
    deprived = 1.5 - 0.12 * int(quintile) if quintile != "all" else 0.8 + 0.4 * chance("deprived", area[0])
    persons = people(area, age, sex)
    spells = share * persons * 0.085 * (0.6 + (oldest / 10) ** 3) * luck * deprived
    shape = {"age": age, "sex": sex, "quintile": quintile}
    measure = "emergency_admissions"
    for category, count in (("spells", spells), ("people", 0.72 * spells)):
        yield cell(
            measure, period_type, start, kind, area[0], "counted", category, count, persons, per=1000, **shape
        )
    if period_type == "year" and age == "all" and kind in ("place", "locality", "ward"):
        yield cell(
            measure,
            period_type,
            start,
            kind,
            area[0],
            "standardised",
            "spells",
            spells,
            1.02 * persons,
            per=100_000,
            **shape,
        )


def reablement(areas):
    for start in YEARS:
        wide = cuts(areas, {"place", "locality"}, ["all", "65-74", "75-84", "85+"], quintiles=False)
        narrow = cuts(areas, {"ward"}, ["all"], ["all"])
        for area, age, sex, quintile in (*wide, *narrow):
            kind = "place" if quintile != "all" else area[1]
            old = sum(
                people(area, band, sex) for band in ([age] if age != "all" else ["65-74", "75-84", "85+"])
            )
            eligible = 0.22 * old
            offered = eligible * (0.05 + 0.05 * chance("offer", area[0], age, start))
            shape = {"age": age, "sex": sex, "quintile": quintile}
            yield cell(
                "reablement",
                "year",
                start,
                kind,
                area[0],
                "offer",
                "offered",
                offered,
                eligible,
                per=100,
                **shape,
            )
            # The 84 days of the last year's discharges have not all passed.
            status = "x" if start == YEARS[-1] else "c" if offered < 8 else "shown"
            for category, part in (("at home", 0.8), ("died", 0.06)):
                yield cell(
                    "reablement",
                    "year",
                    start,
                    kind,
                    area[0],
                    "outcome",
                    category,
                    part * offered,
                    offered,
                    per=100,
                    status=status,
                    **shape,
                )


def measure_row(name: str, position: int) -> tuple:
    words = {
        "residents": ("Residents", "Population", "neither"),
        "emergency_admissions": ("Emergency admissions", "Unplanned care", "lower_is_better"),
        "reablement": ("Re-ablement", "Re-ablement", "higher_is_better"),
        "bed_days": ("Days in hospital", "Unplanned care", "lower_is_better"),
    }
    title, topic, polarity = words[name]
    return (
        name,
        title,
        topic,
        f"What {title.lower()} means here, in one or two plain sentences.",
        f"Why {title.lower()} matters to the people who plan services.",
        "Not for judging one practice or one team.",
        f"How many were counted as {title.lower()}.",
        "People who lived in the area.",
        polarity,
        "An invented framework",
        "2025/26",
        "gp_registrations, apc_episodes",
        "Anonymous commissioning figures",
        "UK GDPR article 6(1)(e)",
        "Public health team",
        date(2027, 4, 1),
        position,
    )


CHECKS = [
    ("landing", "columns as in the contract", "apc_episodes", True, "12 expectations met", 0.4),
    ("landing", "columns as in the contract", "gp_registrations", True, "9 expectations met", 0.3),
    ("models", "not_null", "residents", True, "", 0.05),
    ("release", "no count between 1 and the threshold", "cells", True, "", 0.1),
    ("attack", "at least 4 candidates for each withheld cell", "cells", True, "bounds propagation", 6.2),
]
