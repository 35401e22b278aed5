"""Three hundred damaged files over the layouts of the tiny place: each has a clear outcome, and every row is counted.

They are landed in one run of the gate; the ways to damage are in damage.py, the moments and places from a seed.
"""

import random
import re
from datetime import date
from pathlib import Path

import pytest
from breakwater import account, warehouse
from breakwater.gate import ledger
from breakwater.gate.expectations import Expectations
from breakwater.gate.landing import land_all
from breakwater.manifest import Manifest

from tests.gate import damage, place

FILES = 300
KINDS = [("csv", kind) for kind in damage.CSV] + [
    ("parquet", kind) for kind in (*damage.TYPED, *damage.BROKEN)
]


@pytest.fixture
def offers(extracts, tmp_path) -> list[tuple[Path, Manifest]]:
    """Return damaged files, each for a period of its own; an undamaged one lands first in every layout."""
    rng, offers = random.Random(20), []
    layouts = sorted(place.LAYOUTS)
    for number in range(FILES):
        form, kind = KINDS[number % len(KINDS)]
        extract = layouts[(number // len(KINDS) + number) % len(layouts)]
        target = tmp_path / f"{number:03d}_{extract}.{form}"
        make = damage.damage_csv if form == "csv" else damage.damage_parquet
        make(extracts[extract], target, rng, kind)
        first = date(1990 + number % 30, 1 + number // 30, 1)
        told = Manifest(extract, place.LAYOUTS[extract][0], first, date(2026, 3, 31), place.KEY_ID)
        offers.append((target, told))
    return offers


def test_each_has_a_clear_outcome_and_every_row_is_counted(data, offers):
    with warehouse.connect(data) as connection:
        ledger.prepare(connection)
        suites = Expectations(connection)
        outcomes = [
            outcome for path, told in offers for outcome in land_all(connection, [path], told, suites)
        ]
        faults = account.faults(connection)
        told = connection.execute(
            "select file_name, outcome, reason, offered, accepted, quarantined from ledger.files order by 1"
        ).fetchall()
    assert len(outcomes) == FILES == len(told)
    assert faults == []
    counts = {"landed": 0, "unchanged": 0, "refused": 0, "replaced": 0}
    for name, outcome, reason, offered, accepted, quarantined in told:
        counts[outcome] += 1
        if outcome == "refused":
            # one clear sentence: it names the file, and says neither what the engine said nor what stands there
            assert reason.startswith(name) and "Error" not in reason and len(reason) < 700, reason
            assert not re.search(r"[0-9a-f]{64}|500000000\d{3}|G0000\d\d", reason), reason
            assert accepted == quarantined == 0
        elif outcome != "unchanged":
            assert offered == accepted + quarantined > 0
    assert counts["landed"] > 40 and counts["refused"] > 150, counts


def test_damage_that_is_none_lands(data, offers, extracts):
    """Other line ends, a byte order mark, blanks and capitals in the header lose nothing."""
    harmless = [
        "as it was",
        "Windows line ends",
        "byte order mark",
        "header in capitals",
        "blanks in the header",
    ]
    content = extracts["permissions"]
    with warehouse.connect(data) as connection:
        ledger.prepare(connection)
        suites = Expectations(connection)
        for number, kind in enumerate(harmless):
            path = damage.damage_csv(content, content.with_name(f"h{number}.csv"), random.Random(1), kind)
            told = Manifest(
                "permissions", "permissions/1", date(2000 + number, 1, 1), date(2026, 3, 31), place.KEY_ID
            )
            (outcome,) = land_all(connection, [path], told, suites)
            assert (outcome.outcome, outcome.counts.accepted) == (
                "landed" if kind != "as it was" else "landed",
                6,
            ), kind
