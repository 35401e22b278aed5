"""What follows from published figures alone: inequality over deprivation groups, and the comparison with England.

Both are made of released cells, as shown, so they tell nothing more than those do. Nothing here sees true counts.
"""

import polars as pl

from breakwater.statistics.benchmark import against
from breakwater.statistics.inequality import inequality

KEY = ["measure", "category_type", "category", "period_type", "period_start", "age_band", "sex"]
INEQUALITIES = {
    **dict.fromkeys(KEY, pl.String), "period_start": pl.Date,
    **dict.fromkeys(
        ["most_deprived", "least_deprived", "gap", "slope", "slope_lower", "slope_upper", "relative", "relative_lower",
         "relative_upper"], pl.Float64),
}  # fmt: skip
BENCHMARKS = {
    **dict.fromkeys(KEY, pl.String), "period_start": pl.Date, "value": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "benchmark_period": pl.Date, "benchmark": pl.Float64, "compared": pl.String,
}  # fmt: skip
FIVE = ["1", "2", "3", "4", "5"]


def write(source) -> None:
    """Write the tables `inequalities` and `benchmarks` of the release that is being made."""
    tables = {
        "inequalities": inequalities(_quintiles(source)),
        "benchmarks": benchmarks(
            _whole_place(source), source.sql("select * from warehouse.seeds.england_benchmarks").pl()
        ),
    }
    for name, content in tables.items():
        source.register("content", content.to_arrow())
        source.execute(f"create table release_file.{name} as select * from content")
        source.unregister("content")


def inequalities(cells: pl.DataFrame) -> pl.DataFrame:
    """Return gap, slope and relative index of each figure whose five deprivation groups are all shown.

    cells: KEY, deprivation_quintile (1 most deprived), people (the denominator), value, lower, upper. Standard errors
    are half the interval over 1.96. gap and slope: least deprived less most deprived, in the unit of the figure.
    """
    made = []
    for key, group in cells.sort(*KEY, "deprivation_quintile").group_by(KEY, maintain_order=True):
        if group["deprivation_quintile"].to_list() != FIVE or (group["people"] <= 0).any():
            continue
        value, people = group["value"].to_numpy(), group["people"].to_numpy()
        found = inequality(value, people, (group["upper"] - group["lower"]).to_numpy() / (2 * 1.959964))
        made.append((*key, value[0], value[4], value[4] - value[0], *found.slope, *found.relative))
    return pl.DataFrame(made, schema=INEQUALITIES, orient="row").fill_nan(None)


def benchmarks(cells: pl.DataFrame, england: pl.DataFrame) -> pl.DataFrame:
    """Return each figure of the whole place beside the latest one of England that is not of a later year.

    cells: KEY, value, lower, upper, polarity. compared: better, similar or worse (higher, similar or lower without a
    direction), or `not compared` where the definitions differ.
    """
    series = ["measure", "category_type", "category", "sex"]
    beside = (
        cells.join(
            england.rename({"period_start": "benchmark_period", "value": "benchmark"}).drop("lower", "upper"),
            on=series,
        )
        .filter(pl.col("benchmark_period") <= pl.col("period_start"))
        .sort("benchmark_period")
        .group_by(KEY, maintain_order=True)
        .last()
        .sort(KEY)
    )
    said = [
        against(row["lower"], row["upper"], row["benchmark"], row["polarity"])
        if row["comparable"]
        else "not compared"
        for row in beside.iter_rows(named=True)
    ]
    return beside.with_columns(compared=pl.Series(said, dtype=pl.String)).select(list(BENCHMARKS))


def _quintiles(source) -> pl.DataFrame:
    """Shares and rates by deprivation group, where all is shown as it is today."""
    return source.sql(f"""
        select {", ".join(KEY)}, deprivation_quintile, denominator as people, value, lower, upper
        from release_file.cells
        where deprivation_quintile <> 'all' and status = 'shown' and lower is not null and denominator is not null
    """).pl()


def _whole_place(source) -> pl.DataFrame:
    return source.sql(f"""
        select {", ".join(f"cells.{name}" for name in KEY)}, value, lower, upper, polarity
        from release_file.cells as cells inner join release_file.measures as measures using (measure)
        where area_type = 'place' and deprivation_quintile = 'all' and age_band = 'all' and period_type = 'year'
            and status = 'shown' and lower is not null
    """).pl()
