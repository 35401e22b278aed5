"""A tiny place with its cells counted, protected and released in memory, without dbt: for properties and attacks.

Counting and rounding are done again here, plainly, so that they are an oracle for the SQL macros too.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path

import duckdb
import polars as pl
from breakwater.catalogue import Series
from breakwater.disclosure import decide, earlier, levels
from breakwater.disclosure.policy import Policy

POLICY = Policy(threshold=7, rounding=5, least_candidates=4, small_group=20)
YEAR = date(2024, 4, 1)
MONTHS = [date(2024 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16)]
UNITS = "units"


@dataclass
class Place:
    """Small areas with their ward, one locality a ward, quintile by turns, and two practices."""

    small_areas: dict[str, str] = field(
        default_factory=lambda: {"S1": "W1", "S2": "W1", "S3": "W2", "S4": "W2"}
    )
    practices: tuple[str, ...] = ("P1", "P2")

    def cell_areas(self) -> pl.DataFrame:
        """The model cell_areas: one row an area a cell can be for."""
        rows = []
        for number, (small_area, ward) in enumerate(self.small_areas.items()):
            rows.append(("small_area", small_area, ward, f"L{ward}", str(number % 2 + 1), "X"))
        rows += [
            ("ward", ward, None, f"L{ward}", None, "X") for ward in dict.fromkeys(self.small_areas.values())
        ]
        rows += [
            ("locality", f"L{ward}", None, None, None, "X")
            for ward in dict.fromkeys(self.small_areas.values())
        ]
        rows += [
            ("quintile", quintile, None, None, None, "X")
            for quintile in sorted({row[4] for row in rows if row[4]})
        ]
        rows += [("place", "X", None, None, None, None)]
        rows += [
            ("practice", practice, None, None, None, "X") for practice in (*self.practices, "other practice")
        ]
        rows += [
            ("small_area", "outside", "outside", "outside", "outside", "X"),
            ("ward", "outside", None, "outside", None, "X"),
        ]
        rows += [
            ("locality", "outside", None, None, None, "X"),
            ("quintile", "outside", None, None, None, "X"),
        ]
        columns = ["area_level", "area_code", "ward", "locality", "quintile", "place"]
        return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")

    def released_areas(self) -> pl.DataFrame:
        """The release's table areas."""
        cell_areas = self.cell_areas().filter(~pl.col("area_code").is_in(["outside", "other practice"]))
        return cell_areas.filter(pl.col("area_level") != "quintile").select(
            "area_code",
            area_type="area_level",
            parent_code=pl.coalesce("ward", "locality", "place"),
            deprivation_quintile=pl.col("quintile").cast(pl.Int64),
        )


def series(kind="count", counts=("a",), of=(), cuts=(), category="c", unit="spells", pending=()) -> Series:
    """A series with what matters here; the rest is filled in."""
    return Series("t", category, category, kind, unit, counts, of, pending, 1, "", 0, False, tuple(cuts))


def cuts(
    period=("year",), area=("place", "ward", "small_area"), age=("all",), sex=("all", "each")
) -> list[levels.Level]:
    """Every combination of the levels."""
    return [levels.Level(*names) for names in product(period, area, age, sex)]


def units(rows) -> pl.DataFrame:
    """Counted units from tuples (person, month, small area, practice, age band, sex, category)."""
    columns = {
        "person": pl.Int64, "month": pl.Date, "small_area": pl.String, "practice": pl.String, "five_year": pl.String,
        "sex": pl.String, "category": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


def counted(frame: pl.DataFrame, sets: dict, place: Place) -> pl.DataFrame:
    """Non-zero cells of every set at every level: the model counted_cells."""
    areas = place.cell_areas().filter(pl.col("area_level") == "small_area")
    attributed = frame.join(
        areas.select(small_area="area_code", ward="ward", locality="locality", quintile="quintile"),
        on="small_area",
    )
    attributed = attributed.with_columns(
        place=pl.lit("X"),
        quarter=pl.col("month").dt.truncate("1q"),
        year=pl.lit(YEAR),
        broad=pl.col("five_year").map_elements(levels.broad_band, return_dtype=pl.String),
        all=pl.lit("all"),
    )
    found = []
    for name, (categories, closure) in sets.items():
        mine = attributed.filter(pl.col("category").is_in(list(categories)))
        for level in closure:
            by = {
                "period_start": level.period, "area_code": level.area, "age_band": level.age,
                "sex": "all" if level.sex == "all" else "sex",
            }  # fmt: skip
            cells = mine.select("person", **{column: pl.col(source) for column, source in by.items()})
            cells = cells.group_by(list(by)).agg(
                counted=pl.len().cast(pl.Int64), people=pl.col("person").n_unique().cast(pl.Int64)
            )
            found.append(
                cells.with_columns(
                    category_set=pl.lit(name), period_type=pl.lit(level.period), area_level=pl.lit(level.area)
                )
            )
    columns = [
        "category_set",
        "period_type",
        "period_start",
        "area_level",
        "area_code",
        "age_band",
        "sex",
        "counted",
        "people",
    ]
    return pl.concat([cells.select(columns) for cells in found])


NO_WEIGHTS = pl.DataFrame(
    schema={
        "units_model": pl.String,
        "area_level": pl.String,
        "area_code": pl.String,
        "sex": pl.String,
        "age_band": pl.String,
        "coefficient": pl.Float64,
        "rate_grain": pl.Float64,
        "variance_grain": pl.Float64,
    }  # fmt: skip
)
NO_RATES = pl.DataFrame(
    schema={
        "units_model": pl.String,
        "category_set": pl.String,
        "period_type": pl.String,
        "period_start": pl.Date,
        "area_level": pl.String,
        "area_code": pl.String,
        "sex": pl.String,
        "rate": pl.Float64,
        "variance": pl.Float64,
        "rate_grain": pl.Float64,
        "variance_grain": pl.Float64,
    }  # fmt: skip
)


def decided(
    frame: pl.DataFrame, lines: list[Series], place: Place | None = None, policy: Policy = POLICY, **given
) -> pl.DataFrame:
    """The decisions on every cell of a system that counts these units."""
    place = place or Place()
    said = given.get("said")
    sets = levels.sets_of([*lines, *(earlier.series(said).get(UNITS, []) if said is not None else [])])
    bands = given.pop("age_bands", ["65-69", "75-79"])
    system = {UNITS: {"extracts": ["e"], "age_bands": bands, "series": lines, "sets": sets}}
    months = pl.DataFrame({"extract_name": ["e"] * len(MONTHS), "month_start": MONTHS})
    cells = counted(frame, sets, place).with_columns(units_model=pl.lit(UNITS))
    # exact bounds take long for the thousands of places of the properties; tests of them ask for them
    inputs = {"weights": NO_WEIGHTS, "rates": NO_RATES, "exact": False} | given
    return decide.decide(system, policy, counted=cells, areas=place.cell_areas(), months=months, **inputs)


def release(
    decisions: pl.DataFrame, lines: list[Series], place: Place | None = None, policy: Policy = POLICY
):
    """An in-memory release with the tables an attacker reads: cells, series, areas, standard_weights."""
    place = place or Place()
    shown, kept = pl.col("decision") == "shown", pl.col("decision") == "kept"
    decisions = decisions.with_columns(
        rounded=pl.Series(policy.published(decisions["counted"].fill_null(0).to_numpy()))
    )
    released = decisions.filter(pl.col("is_released") & (pl.col("decision") != "not yet known"))
    cells = []
    key = ["period_type", "period_start", "area_level", "area_code", "age_band", "sex"]
    for line in lines:
        at = pl.DataFrame(
            list(line.cuts), schema=["period_type", "area_level", "age_level", "sex_level"], orient="row"
        )
        mine = released.join(at, on=at.columns, how="semi").with_columns(
            published=pl.when(shown).then("rounded").when(kept).then("kept_count"), kept=kept
        )
        part = mine.filter(pl.col("category_set") == levels.set_name(line.counts))
        whole = mine.filter(pl.col("category_set") == levels.set_name(line.of)).select(
            *key, whole="published", whole_kept="kept"
        )
        both = (
            part.join(whole, on=key, how="left")
            if line.of
            else part.with_columns(whole=pl.lit(None, dtype=pl.Int64), whole_kept=pl.lit(False))
        )
        ok = pl.col("published").is_not_null() & (pl.col("whole").is_not_null() if line.of else True)
        quintile = pl.col("area_level") == "quintile"
        cells.append(
            both.select(
                measure=pl.lit("m"),
                category_type=pl.lit("t"),
                category=pl.lit(line.category),
                period_type="period_type",
                period_start="period_start",
                area_type=pl.when(quintile).then(pl.lit("place")).otherwise("area_level"),
                area_code=pl.when(quintile).then(pl.lit("X")).otherwise("area_code"),
                age_band="age_band",
                sex="sex",
                deprivation_quintile=pl.when(quintile).then("area_code").otherwise(pl.lit("all")),
                numerator=pl.when(ok).then("published"),
                denominator=pl.when(ok).then("whole"),
                value=pl.lit(0.0),
                lower=pl.lit(0.0),
                upper=pl.lit(0.0),
                status=pl.when(ok & (pl.col("kept") | pl.col("whole_kept")))
                .then(pl.lit("p"))
                .when(ok)
                .then(pl.lit("shown"))
                .otherwise(pl.lit("c")),
            )
        )
    rows = [
        ("m", "t", s.category, s.kind, UNITS, levels.set_name(s.counts), levels.set_name(s.of)) for s in lines
    ]
    columns = ["measure", "category_type", "category", "kind", "units_model", "counts", "whole"]
    tables = {
        "cells": pl.concat(cells),
        "series": pl.DataFrame(rows, schema=columns, orient="row"),
        "areas": place.released_areas(),
        "standard_weights": NO_WEIGHTS.rename({"area_code": "area"}),
        "release": pl.DataFrame({"policy": [json.dumps(policy.as_dict())]}),
    }
    connection = duckdb.connect()
    for name, table in tables.items():
        connection.register("content", table.to_arrow())
        connection.execute(f"create table {name} as select * from content")
        connection.unregister("content")
    return connection


def save(connection, releases: Path, name: str) -> None:
    """Write an in-memory release as one in a folder of releases."""
    (releases / name).mkdir(parents=True)
    connection.execute(f"attach '{releases / name / 'release.duckdb'}' as file")
    for table in ("cells", "series", "areas", "standard_weights", "release"):
        connection.execute(f"create table file.{table} as select * from memory.{table}")
    connection.execute("detach file")


def knowledge(decisions: pl.DataFrame) -> pl.DataFrame:
    """What governance assumes an intruder to know, as checks.knowledge reads it from the warehouse."""
    outside = pl.col("area_code") == "outside"
    return decisions.filter(pl.col("counted").is_not_null()).select(
        "units_model",
        "category_set",
        "period_type",
        "period_start",
        pl.when(outside)
        .then("outside " + pl.col("area_level"))
        .when(pl.col("area_level") == "quintile")
        .then("quintile " + pl.col("area_code"))
        .otherwise("area_code")
        .alias("area"),
        "age_band",
        "sex",
        "counted",
        "people",
        "in_block",
        (outside | (pl.col("area_code") == "other practice") | (pl.col("sex") == "not known")).alias("rest"),
        (~pl.col("is_released").any().over("units_model", "category_set")).alias("is_implied"),
    )
