"""Standardised rates of the small place, against the Python function and the seeds, by age as each measure says."""

import csv

import pytest
from breakwater import warehouse
from breakwater.settings import PROJECT
from breakwater.statistics.direct import LEAST_EVENTS, directly_standardised_rate

PLACE = "E06000033"


def seed(name: str) -> list[dict]:
    with (PROJECT / "seeds" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("units", "youngest"), [("falls_units", 65), ("emergency_admissions_units", 0)])
def test_rates_are_those_of_the_function_but_for_their_grain(small_place, units, youngest):
    weights = {
        row["age_band"]: float(row["european_standard_population_2013"])
        for row in seed("standard_population")
        if int(row["age_band"].rstrip("+").split("-")[0]) >= youngest
    }
    people = dict.fromkeys(weights, 0)
    for row in seed("population"):
        if row["age_band"] in people:
            people[row["age_band"]] += int(row["people"])
    with warehouse.connect(small_place, read_only=True) as source:
        events = source.execute(
            "select year(period_start) - (month(period_start) < 4)::int, age_band, count(*)"
            f" from measures.{units} group by all"
        ).fetchall()
        rates = source.execute(
            "select year(period_start), rate, rate_grain from disclosure.standardised_rates where units_model = ?"
            " and area_code = ? and sex = 'all' and contains(category_set, ' + ')",
            [units, PLACE],
        ).fetchall()
    assert rates
    held = 0
    for year, rate, grain in rates:
        counted = [sum(n for y, band, n in events if (y, band) == (year, age)) for age in weights]
        if sum(counted) >= LEAST_EVENTS:
            true = directly_standardised_rate(counted, list(people.values()), list(weights.values())).value
            assert abs(rate - true) <= grain / 2 + 1e-9
            held += 1
    assert held
