"""Invented cells of the sample release: protected as a release's are, but not additive."""

import hashlib
import math
from datetime import date

AGES = ["0-4", *(f"{low}-{low + 4}" for low in range(5, 90, 5)), "90+"]
BROAD = {"0-19": AGES[:4], "20-64": AGES[4:13], "65-74": AGES[13:15], "75-84": AGES[15:17], "85+": AGES[17:]}
YEARS = [date(year, 4, 1) for year in range(2021, 2026)]
QUARTERS = [date(year, month, 1) for year in (2024, 2025) for month in (1, 4, 7, 10)][1:]
MONTHS = [date(2025, month, 1) for month in range(1, 13)] + [date(2026, month, 1) for month in range(1, 7)]
MID_YEARS = [date(year, 6, 30) for year in range(2021, 2027)]


def chance(*key) -> float:
    """Return a number in 0..1 that depends on nothing but the key."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


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
