"""Someone opts out today: from the next build on they are in no figure, and the counts fall by their units alone."""

import json

import polars as pl
import pytest
from breakwater import warehouse
from breakwater.manifest import sha256_of

from tests.pipeline.conftest import attempt

LAST_DAY = "2026-09-30"
UNITS = (
    "select table_name from information_schema.tables "
    "where table_catalog = 'warehouse' and table_schema = 'measures'"
)


def units(source, person: str | None = None) -> dict[tuple, int]:
    """Return counted units by model, period and category; of one person where given."""
    counted = {}
    for (model,) in source.execute(UNITS).fetchall():
        where = f"where person_key = '{person}'" if person else ""
        for period, category, rows in source.execute(
            f"select period_start, category, count(*) from measures.{model} {where} group by all"
        ).fetchall():
            counted[model, period, category] = rows
    return counted


@pytest.fixture
def somebody(copy_of_place) -> str:
    """A permitted person with units in every measure but one at least."""
    with warehouse.connect(copy_of_place, read_only=True) as source:
        return source.execute("""
            select person_key from measures.emergency_admissions_units
            where person_key in (select person_key from measures.residents_units)
            group by all order by count(*) desc, person_key limit 1
        """).fetchone()[0]


def test_an_opt_out_of_today_is_out_of_all_figures_from_the_next_build(copy_of_place, somebody):
    with warehouse.connect(copy_of_place, read_only=True) as source:
        before, theirs = units(source), units(source, somebody)
        key_id = source.execute("select min(key_id) from ledger.files where outcome = 'landed'").fetchone()[0]
    assert len({model for model, *_ in theirs}) >= 2 and sum(theirs.values()) > 3

    extract = pl.DataFrame({
        "permission_id": ["Z9000001"], "person_key": [somebody], "practice_code": [None],
        "permission_type": ["type_1_opt_out"], "state": ["out"], "from_date": [LAST_DAY], "to_date": [None],
    }, schema_overrides={"practice_code": pl.String, "to_date": pl.String})  # fmt: skip
    path = copy_of_place.root / "permissions_2026-09-30_2026-09-30.parquet"
    extract.write_parquet(path)
    told = {
        "extract": "permissions", "layout": "permissions/1", "period_start": LAST_DAY, "period_end": LAST_DAY,
        "rows": 1, "sha256": sha256_of(path), "key_id": key_id, "made_at": "2026-10-01T08:00:00Z",
    }  # fmt: skip
    path.with_suffix(".manifest.json").write_text(json.dumps(told))
    for verb, *words in (("land", str(path)), ("build",)):
        result = attempt(copy_of_place.root, verb, *words)
        assert result.returncode == 0, result.stderr

    with warehouse.connect(copy_of_place, read_only=True) as source:
        assert units(source, somebody) == {}
        expected = {key: rows - theirs.get(key, 0) for key, rows in before.items()}
        # coverage counts them instead: where they were registered, as one more who opted out
        for (model, period, _), rows in theirs.items():
            if model == "residents_units":
                opted_out = (model, period, "opted out")
                expected[opted_out] = expected.get(opted_out, 0) + rows
        assert units(source) == {key: rows for key, rows in expected.items() if rows}
