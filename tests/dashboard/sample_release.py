"""A small release of an invented place, in the exact shape of a real one, for tests of what reads releases.

The place, its people and every number are made up here; the numbers are protected as a release's are
(counts to the nearest 5, small ones withheld), but do not add up: nothing that reads a release may sum cells.
"""

import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import sample_quality
from breakwater.outlines import schematic_outlines
from sample_cells import YEARS, cell, chance, emergency_admissions, reablement, residents

RELEASE_ID = "2026-11-02-sample"
CELL_COLUMNS = """measure varchar, period_type varchar, period_start date, area_type varchar,
area_code varchar, age_band varchar, sex varchar, deprivation_quintile varchar, category_type varchar,
category varchar, numerator bigint, denominator bigint, value double, lower double, upper double,
status varchar"""
CATALOGUE = {
    "measures": """measure varchar, title varchar, topic varchar, definition varchar, why_it_matters varchar,
        not_for varchar, numerator_text varchar, denominator_text varchar, polarity varchar,
        framework varchar, framework_year varchar, source_extracts varchar, purpose varchar,
        legal_basis varchar, owner varchar, next_review date, version varchar, position integer""",
    "series": """measure varchar, category_type varchar, category varchar, label varchar, kind varchar,
        unit varchar, value_label varchar, decimals integer, position integer, headline boolean, counts varchar,
        whole varchar""",
    "areas": """area_code varchar, area_type varchar, area_name varchar, parent_code varchar, latitude double,
        longitude double, deprivation_decile integer, deprivation_quintile integer, outline varchar,
        outline_kind varchar""",
    "release": """release_id varchar, made_at timestamp, data_up_to date, place_code varchar,
        place_name varchar, synthetic boolean, policy varchar, rules varchar, software_version varchar, cells bigint,
        withheld bigint""",
    "quality": """extract varchar, period_type varchar, period_start date, period_end date, indicator varchar,
        numerator bigint, denominator bigint, status varchar, value double""",
    "deliveries": """extract varchar, period_start date, period_end date, landed_on date, days_after_period bigint,
        on_time boolean, files_landed bigint, files_replaced bigint, files_refused bigint,
        expectations_met bigint, expectations_failed bigint""",
    "expectations": """extract varchar, period_start date, period_end date, offered_on date, outcome varchar,
        expectation varchar, column_name varchar, passed boolean""",
    "sources": """extract varchar, title varchar, source varchar, sender varchar, identifiers varchar, kept varchar,
        position bigint""",
    "flows": """extract varchar, purpose varchar, purpose_title varchar, purpose_basis varchar, legal_basis varchar,
        choices varchar, released boolean, position bigint""",
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
# What the series of the pathway count, and of what, as the catalogue names it.
SETS = {
    ("offer", "offered"): ("at home + died + not yet known", "at home + died + not offered + not yet known"),
    ("outcome", "at home"): ("at home", "at home + died"),
    ("outcome", "died"): ("died", "at home + died"),
}
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
        insert(connection, "series", [(*one, *SETS.get(one[1:3], ("", ""))) for one in series])
        insert(connection, "areas", areas)
        insert(connection, "checks", CHECKS)
        insert(connection, "sources", SOURCES)
        insert(connection, "flows", FLOWS)
        for table, content in sample_quality.tables().items():
            insert(connection, table, content)
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
                    "A figure that rests on 1 to 7 people is withheld.\n"
                    "Other counts are rounded to the nearest 5, each by itself; they may not add up.",
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
        f"{position:010x}",
        position,
    )


SOURCES = [
    (
        "apc_episodes",
        "Stays in hospital",
        "An invented standard",
        "Hospitals",
        "NHS number, postcode",
        "a code",
        0,
    ),
    ("gp_registrations", "Registrations", "Practices' systems", "Practices", "NHS number, name", "a code", 1),
]
FLOWS = [
    ("apc_episodes", "commissioning", "Anonymous figures", "Article 6", "An agreement", "opt-out", True, 0),
    (
        "gp_registrations",
        "commissioning",
        "Anonymous figures",
        "Article 6",
        "An agreement",
        "opt-out",
        True,
        1,
    ),
    ("gp_registrations", "direct_care", "Direct care", "Article 9", "A duty", "none: counts only", False, 2),
]
CHECKS = [
    ("landing", "columns as in the contract", "apc_episodes", True, "12 expectations met", 0.4),
    ("landing", "columns as in the contract", "gp_registrations", True, "9 expectations met", 0.3),
    ("models", "not_null", "residents", True, "", 0.05),
    ("release", "no count between 1 and the threshold", "cells", True, "", 0.1),
    ("attack", "at least 4 candidates for each withheld cell", "cells", True, "bounds propagation", 6.2),
]
