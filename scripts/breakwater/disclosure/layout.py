"""The layout of a system: every cell that counts rows of one units model, and the sums that tie the cells together."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from breakwater.disclosure import levels

# Values of an attribute that no cell is released for; they keep the sums exact.
OUTSIDE, OTHER_PRACTICE, NOT_KNOWN = "outside", "other practice", "not known"
KEY = ["category_set", "period_type", "period_start", "area_level", "area_code", "age_band", "sex"]


@dataclass
class System:
    """Cells (one row each, in `cells`) and the relations between them.

    cells: columns KEY, age_level, sex_level, counted, people, rest (an attribute that is never released), weight (how
    much of a headline a cell is: what it costs to withhold it is log(counted + 1) times this).
    whole, part, start: relation r says cells[whole[r]] = sum of cells[part[start[r]:start[r + 1]]].
    """

    cells: pl.DataFrame
    whole: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    part: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    start: np.ndarray = field(default_factory=lambda: np.zeros(1, np.int64))


def periods_of(months: list) -> pl.DataFrame:
    """Return the complete periods within the covered months: period_type, period_start, year, quarter.

    months: first days of covered months, as dates. A year or quarter is there only if all its months are.
    """
    month = pl.DataFrame({"month": sorted(set(months))}, schema={"month": pl.Date})
    shifted = pl.col("month").dt.offset_by("-3mo")
    month = month.with_columns(
        quarter=shifted.dt.truncate("1q").dt.offset_by("3mo"),
        year=shifted.dt.truncate("1y").dt.offset_by("3mo"),
    )
    quarters = month.group_by("quarter").agg(pl.len(), pl.col("year").first()).filter(pl.col("len") == 3)
    years = month.group_by("year").len().filter(pl.col("len") == 12)
    june = month.filter(pl.col("month").dt.month() == 6)
    parts = [
        month.select(period_type=pl.lit("month"), period_start="month", year="year", quarter="quarter"),
        quarters.select(
            period_type=pl.lit("quarter"), period_start="quarter", year="year", quarter="quarter"
        ),
        years.select(period_type=pl.lit("year"), period_start="year", year="year", quarter="year"),
        june.select(
            period_type=pl.lit("mid_year"),
            period_start=pl.col("month").dt.offset_by("29d"),
            year="year",
            quarter="quarter",
        ),
    ]
    return pl.concat(parts).sort("period_type", "period_start")


def lay_out(
    sets: dict, counted: pl.DataFrame, areas: pl.DataFrame, months: list, age_bands: list[str]
) -> System:
    """Return the system of one units model: all its cells, zeros too, and all their relations.

    sets: name -> (categories, levels), as `levels.sets_of` gives. counted: non-zero cells (KEY, counted, people).
    areas: area_level, area_code, and the codes of ward, locality, quintile, place that hold it.
    """
    periods = periods_of(months)
    grids = []
    for name, (_, closure) in sets.items():
        mine = counted.filter(pl.col("category_set") == name)
        domain = _Domain(periods, _with_outside(areas, mine), age_bands, mine)
        grids += [domain.grid(name, level) for level in sorted(closure)]
    cells = pl.concat(grids)
    cells = (
        cells.join(counted, on=KEY, how="left")
        .with_columns(pl.col("counted", "people").fill_null(0), weight=_headline())
        .with_row_index("cell")
        .with_columns(pl.col("cell").cast(pl.Int64))
    )
    system = System(cells)
    relate(system, _refinements(cells, periods, areas) + _differences(cells, sets))
    return system


def _headline() -> pl.Expr:
    """Totals and what is read first are worth most: detail goes first."""
    return (
        1
        + 2.0 * (pl.col("age_level") == "all")
        + 2 * (pl.col("sex_level") == "all")
        + 2 * pl.col("period_type").is_in(["year", "mid_year"])
        + 6 * (pl.col("area_level") == "place")
        + 2 * pl.col("area_level").is_in(["ward", "locality", "quintile"])
        + 2 * (pl.col("area_level").is_in(["small_area", "practice"]) & (pl.col("age_level") == "all"))
    )


class _Domain:
    """The values each dimension takes in one set: only those an intruder must reckon with."""

    def __init__(
        self, periods: pl.DataFrame, areas: pl.DataFrame, age_bands: list[str], counted: pl.DataFrame
    ):
        self.periods, self.areas = periods, areas
        broad = dict.fromkeys(levels.broad_band(band) for band in age_bands)
        self.ages = {"all": ["all"], "broad": list(broad), "five_year": age_bands}
        sexes = ["female", "male"] + ([NOT_KNOWN] if NOT_KNOWN in counted["sex"] else [])
        self.sexes = {"all": ["all"], "each": sexes}

    def grid(self, name: str, level: levels.Level) -> pl.DataFrame:
        """Return every combination at a level, counted or not."""
        return (
            self.periods.filter(pl.col("period_type") == level.period)
            .select(pl.lit(name).alias("category_set"), "period_type", "period_start")
            .join(
                self.areas.filter(pl.col("area_level") == level.area).select("area_level", "area_code"),
                how="cross",
            )
            .join(pl.DataFrame({"age_band": self.ages[level.age]}), how="cross")
            .join(pl.DataFrame({"sex": self.sexes[level.sex]}), how="cross")
            .with_columns(
                age_level=pl.lit(level.age),
                sex_level=pl.lit(level.sex),
                rest=pl.col("area_code").is_in([OUTSIDE, OTHER_PRACTICE]) | (pl.col("sex") == NOT_KNOWN),
            )
        )


def _with_outside(areas: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Leave out the areas `outside` and `other practice` where the set has nobody there: their zero is known."""
    used = counted.select("area_level", "area_code").unique()
    rest = areas.filter(pl.col("area_code").is_in([OUTSIDE, OTHER_PRACTICE])).join(
        used, on=["area_level", "area_code"], how="semi"
    )
    return pl.concat([areas.filter(~pl.col("area_code").is_in([OUTSIDE, OTHER_PRACTICE])), rest])


def _refinements(cells: pl.DataFrame, periods: pl.DataFrame, areas: pl.DataFrame) -> list[pl.DataFrame]:
    """Return (cell of the whole, cell of the part, kind) for each step of one dimension to the next coarser level."""
    edges = []
    parents = {
        ("period", "month", "quarter"): (["period_start"], _period_parents(periods, "month", "quarter")),
        ("period", "quarter", "year"): (["period_start"], _period_parents(periods, "quarter", "year")),
    }
    for fine, coarse in ((f, c) for f, steps in levels.COARSER["area"].items() for c in steps):
        mapping = areas.filter(pl.col("area_level") == fine).select("area_code", to_area_code=coarse)
        parents["area", fine, coarse] = (["area_code"], mapping)
    broad = {
        "age_band": levels.FIVE_YEAR_BANDS,
        "to_age_band": [levels.broad_band(b) for b in levels.FIVE_YEAR_BANDS],
    }
    parents["age", "five_year", "broad"] = (["age_band"], pl.DataFrame(broad))
    every = pl.DataFrame({"age_band": list(levels.BROAD_BANDS), "to_age_band": "all"})
    parents["age", "broad", "all"] = (["age_band"], every)
    sexes = pl.DataFrame({"sex": ["female", "male", NOT_KNOWN], "to_sex": "all"})
    parents["sex", "each", "all"] = (["sex"], sexes)

    columns = {"period": "period_type", "area": "area_level", "age": "age_level", "sex": "sex_level"}
    values = {"period": "period_start", "area": "area_code", "age": "age_band", "sex": "sex"}
    key = ["category_set", *columns.values(), *values.values()]
    wholes = cells.select(*key, whole="cell")
    for (dimension, fine, coarse), (_, mapping) in parents.items():
        column, value = columns[dimension], values[dimension]
        parts = (
            cells.filter(pl.col(column) == fine)
            .join(mapping, on=value)
            .with_columns(pl.lit(coarse).alias(column), pl.col(f"to_{value}").alias(value))
        )
        edge = parts.join(wholes, on=key).select(
            "whole", part="cell", kind=pl.lit(f"{dimension} {fine} {coarse}")
        )
        edges.append(edge)
    return edges


def _period_parents(periods: pl.DataFrame, fine: str, coarse: str) -> pl.DataFrame:
    return periods.filter(pl.col("period_type") == fine).select("period_start", to_period_start=coarse)


def _differences(cells: pl.DataFrame, sets: dict) -> list[pl.DataFrame]:
    """Return the relations between sets of categories: a whole is a part and the difference, or its smallest parts."""
    key = [column for column in KEY if column != "category_set"] + ["age_level", "sex_level"]
    by_set = {name: cells.filter(pl.col("category_set") == name).select(*key, "cell") for name in sets}
    edges = []
    for whole, (categories, _) in sets.items():
        inside = {name: found for name, (found, _) in sets.items() if found < categories}
        smallest = [
            name for name, found in inside.items() if not any(other < found for other in inside.values())
        ]
        splits = [
            [name, other]
            for name, found in inside.items()
            for other, rest in inside.items()
            if name < other and not found & rest and found | rest == categories
        ]
        if len(smallest) > 2 and sum(len(inside[name]) for name in smallest) == len(categories):
            splits.append(smallest)
        for split in splits:
            shared = by_set[whole].rename({"cell": "whole"})
            for name in split:
                shared = shared.join(by_set[name].rename({"cell": f"part {name}"}), on=key)
            kind = "set " + " | ".join(sorted(split))
            edges += [shared.select("whole", part=f"part {name}", kind=pl.lit(kind)) for name in split]
    return edges


def relate(system: System, edges: list[pl.DataFrame]) -> None:
    """Turn edges (whole, part, kind) into relations: one per whole and kind."""
    table = pl.concat([edge.select("whole", "part", "kind") for edge in edges]).sort("kind", "whole", "part")
    if table.is_empty():
        return
    first = table.select(
        (pl.col("kind") != pl.col("kind").shift()) | (pl.col("whole") != pl.col("whole").shift())
    )
    begins = np.flatnonzero(first.to_series().fill_null(True).to_numpy())
    system.part = table["part"].to_numpy().astype(np.int64)
    system.whole = table["whole"].to_numpy().astype(np.int64)[begins]
    system.start = np.append(begins, len(system.part)).astype(np.int64)
