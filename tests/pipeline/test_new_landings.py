"""What was built before leaves no trace: after random landings, replacements and opt-outs, a build counts what a script
counts that reads the files as they stand now."""

import json
import random
import shutil
from datetime import timedelta

import duckdb
import pytest
from breakwater import build
from breakwater.bench import comparing, figures, hand_written, new_month
from breakwater.gate.contract import contract_for
from breakwater.manifest import Manifest, manifest_path, read_manifest, sha256_of, write_manifest

from tests.pipeline.conftest import attempt

RESUPPLIED = ("apc_episodes", "social_care_events", "deaths", "gp_registrations")
# Where people live may be corrected as well.
HOME = {"apc_episodes": "LSOA21", "gp_registrations": "lsoa_code"}


@pytest.fixture
def place(copy_of_place, small_place):
    """A copy that also has what the provider says it sent by mistake."""
    copy_of_place.provider.mkdir()
    shutil.copy(small_place.provider / "planted.json", copy_of_place.provider)
    return copy_of_place


def replace_a_period(place, extract: str, chance: random.Random, version: int) -> None:
    """Supply a period again: some rows left out (others, left out before, come back late), some people elsewhere."""
    source = chance.choice(list(hand_written.files_to_read(place.root, {"it": extract})["it"]))
    source = place.extracts / extract / source.rsplit("/", 1)[1]
    told = read_manifest(source)
    key = contract_for(extract, told.layout, source.name).key.file
    drawn = f"hash(\"{key}\" || '{version}') % 10"
    home = HOME.get(extract)
    change = f"replace (if({drawn} = 1, 'E01015814', {home}) as {home})" if home else ""
    # named after all that came before: the later name stands
    target = source.with_name(f"{extract}_{told.period_start}_{told.period_end}_v{version}.parquet")
    _write(target, f"select * {change} from read_parquet('{source}') where {drawn} <> 0", source)


def opt_out(place, chance: random.Random, version: int) -> None:
    """Forty people opt out on the last day of the data."""
    source = max(
        (place.extracts / "permissions").glob("*.parquet"), key=lambda path: read_manifest(path).rows
    )
    day = read_manifest(source).period_end
    registered = sorted((place.extracts / "gp_registrations").glob("*.parquet"))[0]
    target = source.with_name(f"permissions_{day}_{day}_v{version}.parquet")
    _write(
        target,
        f"""
        select * exclude (person) replace (
            'T{version}' || row_number() over () as permission_id, person as person_key, null::varchar as practice_code,
            'type_1_opt_out' as permission_type, 'out' as state, '{day}' as from_date, null::varchar as to_date
        )
        from (select * from read_parquet('{source}') limit 1), (
            select distinct person_key as person from read_parquet('{registered}')
            order by hash(person_key || '{chance.random()}') limit 40
        )
        """,
        source, period_start=str(day - timedelta(days=version - 3)),
    )  # fmt: skip


def _write(target, query: str, like, **told) -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(f"copy ({query}) to '{target}' (format parquet)").fetchone()[0]
    assert rows
    manifest = json.loads(manifest_path(like).read_text())
    write_manifest(target, Manifest(**manifest | told | {"rows": rows, "sha256": sha256_of(target)}))


def test_a_build_after_others_counts_what_stands_now(place):
    chance = random.Random(20)
    for version in (3, 4):
        for extract in chance.sample(RESUPPLIED, 2):
            replace_a_period(place, extract, chance, version)
        opt_out(place, chance, version)
        if version == 3:
            new_month.write(place.extracts)
        landed = attempt(place.root, "land", "--allow-refused")
        assert landed.returncode == 0 and "permissions" not in landed.stderr, landed.stderr
        assert figures.rows("land", landed.stdout) > 100
        result = build.run_dbt(
            place, ["--quiet", "build", "--select", "+counted_cells", "--exclude-resource-type", "unit_test"]
        )
        assert result.success
        by_hand = place.root / f"by_hand_{version}.duckdb"
        hand_written.run(place.root, by_hand)
        found = comparing.compare(place, by_hand)
        assert found.compared > 10_000 and found.differing == 0
