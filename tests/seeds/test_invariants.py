"""What must hold of the seeds whatever made them: published totals, and references that resolve."""

from collections import Counter, defaultdict

import pytest
import yaml
from breakwater.gate.contract import contracts
from breakwater.reference import seed

KINDS = {"place": 1, "locality": 4, "ward": 17, "small_area": 108, "practice": 24}
PARENTS = {"locality": "place", "ward": "locality", "small_area": "ward", "practice": "place"}


@pytest.fixture(scope="module")
def areas():
    return {row["area_code"]: row for row in seed.read("areas")}


def test_number_of_areas_of_each_kind(areas):
    assert Counter(area["area_type"] for area in areas.values()) == KINDS
    assert len(areas) == len(seed.read("areas"))


def test_parents_exist_and_are_of_the_kind_above(areas):
    for area in areas.values():
        if area["area_type"] == "place":
            assert area["parent_code"] == ""
        else:
            assert areas[area["parent_code"]]["area_type"] == PARENTS[area["area_type"]]


def test_centres_lie_in_the_place(areas):
    # The city spans about 51.52-51.58 north and 0.62-0.83 east.
    for area in areas.values():
        assert 51.5 < float(area["latitude"]) < 51.6
        assert 0.6 < float(area["longitude"]) < 0.85


def test_deprivation_is_held_for_small_areas_only_and_is_consistent(areas):
    ranks = set()
    for area in areas.values():
        rank, decile, quintile = (area[f"deprivation_{k}"] for k in ("rank", "decile", "quintile"))
        if area["area_type"] != "small_area":
            assert rank == decile == quintile == ""
            continue
        ranks.add(int(rank))
        # 33,755 small areas of England were ranked in 2025.
        assert int(decile) == (int(rank) - 1) * 10 // 33_755 + 1
        assert int(quintile) == (int(decile) + 1) // 2
    assert len(ranks) == 108


def test_population_sums_to_the_published_total(areas):
    rows = seed.read("population")
    assert sum(int(row["people"]) for row in rows) == 182_773
    assert len(rows) == 108 * 2 * 19 == len({(r["area_code"], r["sex"], r["age_band"]) for r in rows})
    assert all(areas[row["area_code"]]["area_type"] == "small_area" for row in rows)
    assert all(int(row["people"]) >= 0 for row in rows)


def test_population_by_age_is_as_published():
    people = Counter()
    for row in seed.read("population"):
        people[row["age_band"]] += int(row["people"])
    # Mid-2020 small area estimates, summed over the place.
    assert people["0-4"] == 10_781
    assert people["65-69"] == 9_062
    assert people["90+"] == 2_133


def test_standard_population_sums_to_a_hundred_thousand():
    weights = [int(row["european_standard_population_2013"]) for row in seed.read("standard_population")]
    assert len(weights) == 19
    assert sum(weights) == 100_000


def test_practices_are_the_areas_of_that_kind_and_lists_are_as_published(areas):
    practices = seed.read("practices")
    codes = {code for code, area in areas.items() if area["area_type"] == "practice"}
    assert {p["practice_code"] for p in practices} == codes
    assert sum(int(p["list_size"] or 0) for p in practices) == 196_515
    assert all(p["practice_name"] == areas[p["practice_code"]]["area_name"] for p in practices)
    assert not any(p["practice_name"].isupper() for p in practices)


def test_every_spelling_has_one_standard_which_stands_for_itself():
    rows = seed.read("cld_values")
    standard = {(row["field"], row["spelling"]): row["standard"] for row in rows}
    assert len(standard) == len(rows)
    assert all(standard[field, value] == value for (field, _), value in standard.items())


def test_conditions_are_the_codes_of_the_contract():
    rows = seed.read("conditions")
    codes = {column.name: set(column.codes) for column in contracts()["gp_conditions"].columns}
    assert {row["code"] for row in rows} == codes["code"]
    assert Counter(row["code_list"] for row in rows) == {"QOF": 21, "eFI": 36}


def test_each_small_area_of_2011_is_staged_with_the_largest_of_those_it_became(areas):
    parts = defaultdict(dict)
    for row in seed.read("small_areas_2011"):
        parts[row["small_area_2011"]][row["small_area_2021"]] = int(row["residents"]), row["best_fit"]
    assert len(parts) == 107 and Counter(len(some) for some in parts.values()) == {1: 106, 2: 1}
    for some in parts.values():
        best = [area for area, (_, best_fit) in some.items() if best_fit == "true"]
        assert best == [max(some, key=lambda area: some[area][0])]
    small = {code for code, area in areas.items() if area["area_type"] == "small_area"}
    assert {area for some in parts.values() for area in some} == small


def test_grouped_codes_of_emergency_care_are_those_of_the_contract():
    contract = contracts()["emergency_care"]
    now, before = (
        {column.name: set(column.codes) for column in contract.columns_of(layout)}
        for layout in ("ecds/1", "hes_ae/165")
    )
    codes = defaultdict(set)
    for row in seed.read("emergency_care_codes"):
        codes[row["field"]].add(row["code"])
    assert codes
    for field, known in codes.items():
        # every code of today has its group; of those before, the ones that say the same
        assert now[field] <= known <= now[field] | before[field] and known & before[field]


def test_community_services_are_the_codes_of_the_contract():
    columns = {column.name: set(column.codes) for column in contracts()["community_contacts"].columns}
    assert {row["code"] for row in seed.read("community_services")} == columns["service_or_team_type"]


@pytest.mark.parametrize("name", sorted(path.stem for path in seed.SEEDS.glob("*.csv")))
def test_description_beside_the_seed_is_complete(name):
    entry = yaml.safe_load((seed.SEEDS / f"{name}.yml").read_text(encoding="utf-8"))["seeds"][0]
    assert {"source", "publisher", "date", "licence", "next_update"} <= set(entry["config"]["meta"])
    described = {
        column["name"] for column in entry["columns"] if column["description"] and column["data_type"]
    }
    assert described == set(seed.read(name)[0])
