"""What is derived from published figures: from those that are shown, and from nothing else."""

from datetime import date

import duckdb
import polars as pl
import pytest
from breakwater import derived

KEY = {
    "measure": "m",
    "category_type": "t",
    "category": "c",
    "period_type": "year",
    "age_band": "all",
    "sex": "all",
}


def quintiles(values, people=(100, 200, 100, 200, 100), only=derived.FIVE) -> pl.DataFrame:
    rows = [
        KEY
        | {
            "period_start": date(2025, 4, 1),
            "deprivation_quintile": q,
            "people": n,
            "value": v,
            "lower": v - 2,
            "upper": v + 2,
        }
        for q, n, v in zip(derived.FIVE, people, values, strict=True)
        if q in only
    ]
    return pl.DataFrame(rows)


def test_inequality_of_a_straight_line():
    """The middles of the groups are at 1/14, 4/14, 7/14, 10/14 and 13/14 of the people; 14 from end to end."""
    (row,) = derived.inequalities(quintiles([1 + 5, 4 + 5, 7 + 5, 10 + 5, 13 + 5])).to_dicts()
    assert (row["most_deprived"], row["least_deprived"], row["gap"]) == (6, 18, 12)
    assert (row["slope"], row["relative"]) == pytest.approx((14, 19 / 5))
    assert (
        row["slope_lower"] < 14 < row["slope_upper"] and row["relative_lower"] < 3.8 < row["relative_upper"]
    )


def test_one_group_withheld_or_empty_and_there_is_no_index():
    assert derived.inequalities(quintiles([1, 2, 3, 4, 5], only=["1", "2", "4", "5"])).is_empty()
    assert derived.inequalities(quintiles([1, 2, 3, 4, 5], people=(100, 0, 1, 1, 1))).is_empty()


def test_england_of_the_same_year_or_of_the_latest_before():
    england = pl.DataFrame({
        "measure": ["m"] * 3, "category_type": ["t"] * 3, "category": ["c"] * 3, "sex": ["all"] * 3,
        "period_start": [date(2022, 4, 1), date(2023, 4, 1), date(2024, 4, 1)], "value": [10.0, 20.0, 30.0],
        "lower": [9.0, 19.0, 29.0], "upper": [11.0, 21.0, 31.0], "decimals": [1] * 3, "comparable": [True, True, False],
    })  # fmt: skip
    cells = pl.DataFrame([
        KEY | {"period_start": date(year, 4, 1), "value": 15.0, "lower": 12.0, "upper": 18.0,
               "polarity": "lower_is_better"}
        for year in (2021, 2022, 2023, 2024, 2025)
    ])  # fmt: skip
    found = derived.benchmarks(cells, england)
    told = {row["period_start"].year: (row["benchmark"], row["compared"]) for row in found.to_dicts()}
    assert told == {
        2022: (10, "worse"), 2023: (20, "better"), 2024: (30, "not compared"), 2025: (30, "not compared"),
    }  # fmt: skip


def test_the_release_has_both_and_they_agree_with_its_cells(small_place):
    path = small_place.releases / "current" / "release.duckdb"
    with duckdb.connect(str(path), read_only=True) as release:
        gaps = release.sql("""
            select i.measure, i.gap, a.value - b.value as expected, a.status = 'shown' and b.status = 'shown' as shown
            from inequalities as i
            inner join cells as a on a.deprivation_quintile = '5' and a.status = 'shown'
                and (a.measure, a.category_type, a.category, a.period_type, a.period_start, a.age_band, a.sex)
                = (i.measure, i.category_type, i.category, i.period_type, i.period_start, i.age_band, i.sex)
            inner join cells as b on b.deprivation_quintile = '1' and b.status = 'shown'
                and (b.measure, b.category_type, b.category, b.period_type, b.period_start, b.age_band, b.sex)
                = (i.measure, i.category_type, i.category, i.period_type, i.period_start, i.age_band, i.sex)
        """).fetchall()
        assert len(gaps) == release.sql("select count(*) from inequalities").fetchone()[0] > 20
        assert all(gap == pytest.approx(expected) and shown for _, gap, expected, shown in gaps)
        compared = dict(
            release.sql("select measure, any_value(compared) from benchmarks group by all").fetchall()
        )
    # a plain share here, standardised in the figure of England: never called better or worse
    assert compared.pop("readmissions") == "not compared"
    # falls of so few people are withheld in most years; where they are not, they are compared
    assert set(compared) <= {"falls"} and set(compared.values()) <= {"better", "similar", "worse"}
