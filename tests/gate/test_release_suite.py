"""The suite of the release, over files made here: it passes what is protected and catches each fault."""

import duckdb
import pytest
from breakwater.gate.expectations import SUITES, run_suite

GOOD = (
    "select 'residents' as measure, 'mid_year' as period_type, date '2025-06-30' as period_start,"
    " 'ward' as area_type, 'W' || i as area_code, 'all' as age_band, 'all' as sex,"
    " 'all' as deprivation_quintile, 'population' as category_type, 'residents' as category,"
    " 10::bigint as numerator, 100::bigint as denominator,"
    " 10.0::double as value, 8.0::double as lower, 12.0::double as upper,"
    " 'shown' as status from range(3) t(i)"
)
WITHHELD = "numerator = null, denominator = null, value = null, lower = null, upper = null"

DENOMINATOR = (
    "no denominator of ours lies between one and the threshold or misses the rounding"
    " (published populations may)"
)

FAULTS = [
    ("status = 'secret'", "ExpectColumnValuesToBeInSet"),
    ("status = 'c'", "a cell that is not shown holds no number"),
    ("numerator = 7", "no count lies between one and the threshold, or below nothing"),
    ("numerator = 12", "every count is one that the policy's method shows"),
    ("denominator = 3", DENOMINATOR),
    ("denominator = 12", DENOMINATOR),
    ("upper = 9", "a value lies between its limits"),
    ("area_code = 'W1'", "ExpectCompoundColumnsToBeUnique"),
    ("period_start = date '2025-06-29'", "a period begins on the first of a month, a mid-year on 30 June"),
]


def run(tmp_path, *changes: str, kind: str = "proportion") -> list:
    path = tmp_path / "release.duckdb"
    with duckdb.connect(str(path)) as release:
        release.execute(f"create table residents as {GOOD}; create view cells as select * from residents")
        release.execute("""create table release as select '{"threshold": 7, "rounding": 5}' as policy""")
        release.execute(
            "create table series as select 'residents' as measure, 'population' as category_type,"
            f" 'residents' as category, '{kind}' as kind"
        )
        for change in changes:
            release.execute(f"update residents set {change} where area_code = 'W0'")
    return run_suite(SUITES / "release.yml", path, "select * from subject.main.cells")


@pytest.mark.parametrize("change", ["numerator = 10", "numerator = 0", f"{WITHHELD}, status = 'c'"])
def test_protected_cells_pass(tmp_path, change):
    assert [str(result) for result in run(tmp_path, change) if not result.passed] == []


@pytest.mark.parametrize(("change", "expectation"), FAULTS)
def test_each_fault_fails_its_expectation(tmp_path, change, expectation):
    assert expectation in [result.expectation for result in run(tmp_path, change) if not result.passed]


def test_a_published_population_may_be_any_number(tmp_path):
    assert all(result.passed for result in run(tmp_path, "denominator = 12", kind="crude_rate"))
