"""The cells that published cells add up to, released or not, from the areas and levels that the release names."""

from datetime import date

import polars as pl

from breakwater.disclosure.attack.published import FAR, KEY

BROAD = {
    "0-19": range(0, 20),
    "20-64": range(20, 65),
    "65-74": range(65, 75),
    "75-84": range(75, 85),
    "85+": range(85, 200),
}


def _coarser_values(nodes: pl.DataFrame, areas: pl.DataFrame) -> list[tuple[str, str, pl.DataFrame]]:
    """Per dimension, (dimension, step, frame of value -> coarser value), from the release's own tables.

    `rest` marks values that are never published (people of unknown sex, other practices, from outside the place).
    """
    small = areas.filter(pl.col("area_type") == "small_area")
    links = areas.filter(pl.col("parent_code").is_not_null())
    place = areas.filter(pl.col("area_type") == "place")["area_code"][0]
    quintile = "quintile " + pl.col("deprivation_quintile").cast(pl.String)
    frames = {
        f"{kind} to parent": links.filter(pl.col("area_type") == kind).select(
            area="area_code", to="parent_code"
        )
        for kind in ("small_area", "ward", "locality", "practice")
    }
    frames["small_area to quintile"] = small.select(area="area_code", to=quintile)
    frames["quintile to place"] = small.select(area=quintile).unique().with_columns(to=pl.lit(place))
    outside = {
        "practice to parent": ("other practice", place),
        "small_area to parent": ("outside small_area", "outside ward"),
        "ward to parent": ("outside ward", "outside locality"),
        "locality to parent": ("outside locality", place),
        "small_area to quintile": ("outside small_area", "outside quintile"),
        "quintile to place": ("outside quintile", place),
    }
    steps = [
        ("area", step, _with_rest(frame, "area", {outside[step][0]: outside[step][1]}))
        for step, frame in frames.items()
    ]
    bands = [band for band in nodes["age_band"].unique().to_list() if band not in BROAD and band != "all"]
    five = {
        band: next(b for b, ages in BROAD.items() if int(band.split("-")[0].rstrip("+")) in ages)
        for band in bands
    }
    steps.append(("age_band", "five_year to broad", _with_rest(_mapping("age_band", five), "age_band", {})))
    steps.append(
        (
            "age_band",
            "broad to all",
            _with_rest(_mapping("age_band", dict.fromkeys(BROAD, "all")), "age_band", {}),
        )
    )
    sexes = _with_rest(_mapping("sex", {"female": "all", "male": "all"}), "sex", {"not known": "all"})
    return [*steps, ("sex", "sex to all", sexes)]


def _mapping(column: str, values: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {column: list(values), "to": list(values.values())}, schema={column: pl.String, "to": pl.String}
    )


def _with_rest(frame: pl.DataFrame, column: str, rest: dict[str, str]) -> pl.DataFrame:
    return pl.concat(
        [frame.with_columns(is_rest=pl.lit(False)), _mapping(column, rest).with_columns(is_rest=pl.lit(True))]
    )


def _period_steps(nodes: pl.DataFrame) -> list[tuple[str, str, pl.DataFrame]]:
    periods = nodes.select("period_type", "period_start").unique()
    quarter = {
        month: date(month.year, (month.month - 1) // 3 * 3 + 1, 1)
        for month in periods.filter(pl.col("period_type") == "month")["period_start"]
    }
    year = {
        q: date(q.year - (q.month < 4), 4, 1)
        for q in [*periods.filter(pl.col("period_type") == "quarter")["period_start"], *quarter.values()]
    }
    return [
        (
            "period",
            f"{fine} to {coarse}",
            pl.DataFrame(
                {"period_start": list(found), "to": list(found.values())},
                schema={"period_start": pl.Date, "to": pl.Date},
            ),
        )
        for fine, coarse, found in (("month", "quarter", quarter), ("quarter", "year", year))
    ]


def _moved(nodes: pl.DataFrame, dimension: str, step: str, mapping: pl.DataFrame) -> pl.DataFrame:
    """The nodes that take part in a step, with their key one step coarser and the child's own columns kept aside."""
    if dimension == "period":
        fine, coarse = step.split(" to ")
        moved = nodes.filter(pl.col("period_type") == fine).join(mapping, on="period_start")
        return moved.with_columns(
            period_type=pl.lit(coarse), period_start=pl.col("to"), is_rest=pl.lit(False)
        ).drop("to")
    return nodes.join(mapping, on=dimension).with_columns(pl.col("to").alias(dimension)).drop("to")


def with_coarser(nodes: pl.DataFrame, areas: pl.DataFrame) -> tuple[pl.DataFrame, list]:
    """Add the unpublished coarser cells, of which nothing is known but that published cells add up to them."""

    steps = _coarser_values(nodes, areas) + _period_steps(nodes)
    while True:
        wanted = [
            complete(nodes, dimension, step, mapping).select(KEY).unique()
            for dimension, step, mapping in steps
        ]
        fresh = pl.concat(wanted).unique().join(nodes.select(KEY), on=KEY, how="anti")
        if fresh.is_empty():
            return nodes, steps
        unknown = fresh.with_columns(withheld=pl.lit(False), low=pl.lit(0.0), high=pl.lit(FAR))
        nodes = pl.concat([nodes, unknown.select(nodes.columns)])


def complete(nodes: pl.DataFrame, dimension: str, step: str, mapping: pl.DataFrame) -> pl.DataFrame:
    """Children of a step whose published siblings are all there: only then do they add up to the coarser cell."""
    moved = _moved(nodes, dimension, step, mapping)

    size = moved.filter(~pl.col("is_rest")).group_by(KEY).len()
    if dimension == "period":
        size = size.with_columns(wanted=pl.lit(3 if step.startswith("month") else 4))
    elif dimension == "age_band":
        # the ages of a measure are those it is published for, wherever it is
        bands = (
            nodes.join(mapping, on="age_band")
            .group_by("units_model", "to")
            .agg(wanted=pl.col("age_band").n_unique())
        )
        size = size.join(bands.rename({"to": "age_band"}), on=["units_model", "age_band"])
    else:
        full = mapping.filter(~pl.col("is_rest")).group_by("to").len("wanted").rename({"to": dimension})
        size = size.join(full, on=dimension)
    return moved.join(size.filter(pl.col("len") == pl.col("wanted")).select(KEY), on=KEY, how="semi")
