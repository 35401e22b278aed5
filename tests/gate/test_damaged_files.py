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
# What loses nothing, whatever the layout, and what leaves nothing to be sure of.
HARMLESS = [
    *(("csv", kind) for kind in ("as it was", "byte order mark", "Windows line ends", "header in capitals")),
    *(("csv", kind) for kind in ("blanks in the header", "an empty row", "shuffled rows")),
    ("parquet", "text"),
]
FATAL = [
    *(
        ("csv", kind)
        for kind in ("empty", "one byte", "header only", "UTF-16", "semicolons", "tabs", "pipes", "no header")
    ),
    *(
        ("csv", kind)
        for kind in ("a column missing", "a column more", "a web page", "compressed", "a column name twice")
    ),
    *(
        ("parquet", kind)
        for kind in ("a column missing", "a column more", "no rows", "truncated", "the end cut")
    ),
]


@pytest.fixture
def offers(extracts, tmp_path) -> list[tuple[Path, Manifest]]:
    """Return damaged files, each for a period of its own."""
    rng, offers = random.Random(20), []
    layouts = sorted(place.LAYOUTS)
    for number in range(FILES):
        form, kind = KINDS[number % len(KINDS)]
        extract = layouts[(number // len(KINDS) + number) % len(layouts)]
        target = tmp_path / f"{number:03d}_{extract}.{form}"
        make = damage.damage_csv if form == "csv" else damage.damage_parquet
        source = tmp_path / "source.csv"
        # keys of its own: those of another period are a fault, and hide all others
        source.write_bytes(extracts[extract].read_bytes().replace(b"500000000", b"5%03d00000" % (number + 1)))
        make(source, target, rng, kind)
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
            assert not re.search(r"[0-9a-f]{64}|5\d{3}00000\d{3}|G0000\d\d", reason), reason
            assert accepted == quarantined == 0
        elif outcome != "unchanged":
            assert offered == accepted + quarantined > 0
    assert counts["landed"] > 70 and counts["refused"] > 130, counts
    kinds = {name: KINDS[int(name[:3]) % len(KINDS)] for name, *_ in told}
    for extract in place.LAYOUTS:
        became = {kinds[name]: outcome for name, outcome, *_ in told if extract in name}
        assert {became[form, kind] for form, kind in HARMLESS if (form, kind) in became} == {"landed"}, became
        assert {became[form, kind] for form, kind in FATAL if (form, kind) in became} == {"refused"}, became
