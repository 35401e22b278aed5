"""The attacker: what can be worked out from a release file, by someone who holds all of it.

Written apart from the protector; the two share the policy and the names of levels only. Everything is read from the
release: cells, areas, series and the public weights of standardised rates. `Knowledge` adds the worst case that
governance assumes of an intruder, and the truth to judge by; an outsider runs without it.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from breakwater.disclosure.policy import Policy

FAR = float(1 << 40)
DIMENSIONS = ["period_type", "period_start", "area", "age_band", "sex"]
BROAD = {
    "0-19": range(0, 20),
    "20-64": range(20, 65),
    "65-74": range(65, 75),
    "75-84": range(75, 85),
    "85+": range(85, 200),
}


@dataclass
class Findings:
    """What the attack found: one row an attacked cell in `cells` (with low and high), and counts."""

    cells: pl.DataFrame
    sums: int
    withheld: int
    exact: int
    narrow: int

    @property
    def leaks(self) -> int:
        return self.narrow


def attack(release, policy: Policy, knowledge: pl.DataFrame | None = None) -> Findings:
    """Bound every cell of a release by all its sums at once, and count those that can be narrowed too far.

    release: a DuckDB connection with the release's tables in its search path. knowledge: optional frame of every
    counted cell (units_model, category_set, DIMENSIONS, counted, people, in_block, rest, is_implied).
    exact and narrow count withheld cells (with knowledge: cells of 1 to the threshold, released or not) with one, and
    with fewer than `least_candidates`, possible values.
    """
    nodes = _published(release, policy)
    areas = release.sql("select area_code, area_type, parent_code, deprivation_quintile from areas").pl()
    nodes, steps = _with_coarser(nodes, areas)
    if knowledge is not None:
        nodes = _with_knowledge(nodes, knowledge, policy)
    nodes = nodes.with_row_index("node")
    rows = _Rows()
    _add_sums_over(rows, nodes, steps, all_parts_known=knowledge is not None)
    _add_differences(rows, nodes)
    _add_standardised_rates(rows, nodes, release)
    low, high = _tighten(nodes["low"].to_numpy().astype(float), nodes["high"].to_numpy().astype(float), rows)
    found = nodes.with_columns(low=pl.Series(low), high=pl.Series(high))
    target = found.filter(
        pl.col("small") if knowledge is not None else (pl.col("withheld") & (pl.col("high") > 0))
    )
    width = target["high"] - target["low"] + 1
    # without knowledge of the truth, only what must be small counts as found: all its values within the threshold
    surely_small = pl.lit(True) if knowledge is not None else pl.col("high") <= policy.threshold
    inside = target.with_columns(width=width).filter(surely_small)
    return Findings(
        cells=found,
        sums=len(rows.bounds),
        withheld=int(nodes["withheld"].sum()),
        exact=inside.filter(pl.col("width") <= 1).height,
        narrow=inside.filter(pl.col("width") < policy.least_candidates).height,
    )


class _Rows:
    """Linear rows over nodes: least <= sum(coefficient * node) <= most."""

    def __init__(self):
        self.row: list[np.ndarray] = []
        self.node: list[np.ndarray] = []
        self.coefficient: list[np.ndarray] = []
        self.bounds: list[tuple[float, float]] = []

    def add(
        self, owner: np.ndarray, node: np.ndarray, coefficient: np.ndarray, bounds: list[tuple[float, float]]
    ) -> None:
        """Append rows; owner numbers them from 0 within this call."""
        self.row.append(owner + len(self.bounds))
        self.node.append(node)
        self.coefficient.append(coefficient)
        self.bounds += bounds


def _published(release, policy: Policy) -> pl.DataFrame:
    """One node per published count: numerators, and denominators that are counts of ours."""
    counts = release.sql(
        """
        with rows as (
            select
                cells.*, series.units_model, series.counts, series.whole, series.kind,
                if(deprivation_quintile = 'all', area_code, 'quintile ' || deprivation_quintile) as area
            from cells inner join series using (measure, category_type, category)
            where status in ('shown', 'c')
        )
        select
            units_model, counts as category_set, period_type, period_start, area, age_band, sex, numerator as published
        from rows where kind <> 'directly_standardised_rate'
        union all
        select units_model, whole, period_type, period_start, area, age_band, sex, denominator
        from rows where kind = 'proportion'
        """
    ).pl()
    key = ["units_model", "category_set", *DIMENSIONS]
    # shown once is shown: the same count withheld in another place is no secret
    nodes = (
        counts.group_by(key)
        .agg(pl.col("published").max())
        .with_columns(withheld=pl.col("published").is_null())
    )
    low, high = policy.interval(nodes["published"].fill_null(0).to_numpy())
    withheld = nodes["withheld"].to_numpy()
    return nodes.drop("published").with_columns(
        low=pl.Series(np.where(withheld, 0.0, low)), high=pl.Series(np.where(withheld, FAR, high))
    )


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


def _with_coarser(nodes: pl.DataFrame, areas: pl.DataFrame) -> tuple[pl.DataFrame, list]:
    """Add the unpublished coarser cells, of which nothing is known but that published cells add up to them."""
    key = ["units_model", "category_set", *DIMENSIONS]
    steps = _coarser_values(nodes, areas) + _period_steps(nodes)
    while True:
        wanted = [
            _complete(nodes, dimension, step, mapping).select(key).unique()
            for dimension, step, mapping in steps
        ]
        fresh = pl.concat(wanted).unique().join(nodes.select(key), on=key, how="anti")
        if fresh.is_empty():
            return nodes, steps
        unknown = fresh.with_columns(withheld=pl.lit(False), low=pl.lit(0.0), high=pl.lit(FAR))
        nodes = pl.concat([nodes, unknown.select(nodes.columns)])


def _complete(nodes: pl.DataFrame, dimension: str, step: str, mapping: pl.DataFrame) -> pl.DataFrame:
    """Children of a step whose published siblings are all there: only then do they add up to the coarser cell."""
    moved = _moved(nodes, dimension, step, mapping)
    key = ["units_model", "category_set", *DIMENSIONS]
    size = moved.filter(~pl.col("is_rest")).group_by(key).len()
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
    return moved.join(size.filter(pl.col("len") == pl.col("wanted")).select(key), on=key, how="semi")


def _add_sums_over(rows: _Rows, nodes: pl.DataFrame, steps: list, all_parts_known: bool) -> None:
    """Add, for each step, whole = sum of parts; whole >= parts where an outsider cannot be sure to see all of them."""
    key = ["units_model", "category_set", *DIMENSIONS]
    for dimension, step, mapping in steps:
        parts = _complete(nodes, dimension, step, mapping).rename({"node": "part"})
        joined = parts.join(nodes.select(*key, "node"), on=key).sort("node")
        if joined.is_empty():
            continue
        whole, owner = np.unique(joined["node"].to_numpy(), return_inverse=True)
        may_miss = not all_parts_known and mapping.get_column("is_rest", default=pl.Series([False])).any()
        rows.add(
            np.concatenate([owner, np.arange(len(whole))]),
            np.concatenate([joined["part"].to_numpy(), whole]),
            np.concatenate([np.ones(len(owner)), -np.ones(len(whole))]),
            [(-FAR if may_miss else 0.0, 0.0)] * len(whole),
        )


def _add_differences(rows: _Rows, nodes: pl.DataFrame) -> None:
    """Add the cells that follow by subtraction: a denominator less its numerator, spells less people."""
    dimensions = ["units_model", *DIMENSIONS]
    sets = nodes.select("units_model", "category_set").unique()
    for units_model, names in sets.group_by("units_model"):
        categories = {name: frozenset(name.split(" + ")) for name in names["category_set"]}
        of_model = nodes.filter(pl.col("units_model") == units_model[0])
        by_set = {
            name: of_model.filter(pl.col("category_set") == name).select(*dimensions, "node")
            for name in categories
        }
        for whole, found in categories.items():
            inside = [name for name, other in categories.items() if other < found]
            for split in _splits(found, inside, categories):
                shared = by_set[whole].rename({"node": "whole"})
                for position, name in enumerate(split):
                    shared = shared.join(by_set[name].rename({"node": f"part{position}"}), on=dimensions)
                if shared.is_empty():
                    continue
                size = len(shared)
                columns = ["whole", *(f"part{position}" for position in range(len(split)))]
                exact = frozenset().union(*(categories[name] for name in split)) == found
                rows.add(
                    np.tile(np.arange(size), len(columns)),
                    np.concatenate([shared[column].to_numpy() for column in columns]),
                    np.repeat([-1.0] + [1.0] * len(split), size),
                    [(0.0 if exact else -FAR, 0.0)] * size,
                )


def _splits(found: frozenset, inside: list[str], categories: dict) -> list[list[str]]:
    """Ways to put a set together from smaller ones: disjoint pairs, a largest disjoint family, each part alone."""
    pairs = [
        [one, other]
        for one in inside
        for other in inside
        if one < other
        and not categories[one] & categories[other]
        and categories[one] | categories[other] == found
    ]
    family: list[str] = []
    for name in sorted(inside, key=lambda name: (len(categories[name]), name)):
        if not any(categories[name] & categories[other] for other in family):
            family.append(name)
    return pairs + [[name] for name in inside] + ([family] if len(family) > 1 and family not in pairs else [])


def _add_standardised_rates(rows: _Rows, nodes: pl.DataFrame, release) -> None:
    """Add each published standardised rate, and the variance that its interval gives away, as a weighted sum."""
    rates = release.sql(
        """
        with rates as (
            select
                cells.*, series.units_model, series.counts as category_set,
                if(deprivation_quintile = 'all', area_code, 'quintile ' || deprivation_quintile) as area,
                numerator * (1 - 1.0 / (9 * numerator) - 1.959964 / (3 * sqrt(numerator))) ** 3 - numerator as reach
            from cells inner join series using (measure, category_type, category)
            where kind = 'directly_standardised_rate' and status = 'shown'
        )
        select
            units_model, category_set, period_type, period_start, area, weights.age_band, rates.sex,
            value, rate_grain, coefficient, variance_grain,
            -- Dobson's lower limit is rate + sqrt(variance / count) * reach
            numerator * ((lower - value) / reach) ** 2 as variance
        from rates inner join standard_weights as weights using (area, sex)
        order by all
        """
    ).pl()
    if rates.is_empty():
        return
    key = ["units_model", "category_set", *DIMENSIONS]
    terms = rates.join(nodes.select(*key, "node"), on=key)
    cell = [column for column in key if column != "age_band"]
    terms = terms.sort([*cell, "age_band"]).with_columns(
        owner=pl.struct(cell).rank("dense").cast(pl.Int64) - 1
    )
    first = terms.group_by("owner", maintain_order=True).first()
    owner, node, weight = (terms[name].to_numpy() for name in ("owner", "node", "coefficient"))
    for power, middle, grain in ((1, "value", "rate_grain"), (2, "variance", "variance_grain")):
        half = first[grain].to_numpy() / 2 + 1e-6 * first[middle].to_numpy()
        centre = first[middle].to_numpy()
        rows.add(owner, node, weight**power, list(zip(centre - half, centre + half, strict=True)))


def _with_knowledge(nodes: pl.DataFrame, knowledge: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Give the intruder the worst case: which withheld cells hold 1 to the threshold, and which rests are empty.

    Adds the cells that follow by subtraction, which must stay wide too, and the rests that are not empty.
    """
    key = ["units_model", "category_set", *DIMENSIONS]
    further = knowledge.filter(pl.col("is_implied") | (pl.col("rest") & (pl.col("counted") > 0)))
    further = further.filter(~pl.col("rest") | (pl.col("counted") > 0)).join(nodes, on=key, how="anti")
    unknown = further.select(key).with_columns(withheld=pl.lit(False), low=pl.lit(0.0), high=pl.lit(FAR))
    joined = pl.concat([nodes, unknown.select(nodes.columns)]).join(
        knowledge.select(*key, "counted", "people", "in_block"), on=key, how="left"
    )
    block = pl.col("withheld") & pl.col("in_block")
    few = pl.col("withheld") & pl.col("counted").is_between(1, policy.threshold)
    many = pl.col("withheld") & (pl.col("counted") > policy.threshold)
    return joined.with_columns(
        # within a block nobody can know which cells are empty
        low=pl.when(block)
        .then(0.0)
        .when(few)
        .then(1.0)
        .when(many)
        .then(float(policy.threshold + 1))
        .otherwise("low"),
        high=pl.when(block | few).then(float(policy.threshold)).otherwise("high"),
        small=pl.col("people").is_between(1, policy.threshold),
    )


def _tighten(
    low: np.ndarray, high: np.ndarray, rows: _Rows, sweeps: int = 300
) -> tuple[np.ndarray, np.ndarray]:
    """Interval tightening of a general linear system, over whole numbers, until nothing moves.

    Raises ValueError if a bound passes its opposite: the release contradicts itself.
    """
    row, node, weight = (np.concatenate(part) for part in (rows.row, rows.node, rows.coefficient))
    least, most = np.array(rows.bounds).T
    up = weight > 0
    for _ in range(sweeps):
        smallest = weight * np.where(up, low[node], high[node])
        largest = weight * np.where(up, high[node], low[node])
        row_smallest = np.bincount(row, smallest, len(least))
        row_largest = np.bincount(row, largest, len(least))
        above = (most[row] - (row_smallest[row] - smallest)) / weight
        below = (least[row] - (row_largest[row] - largest)) / weight
        new_high, new_low = high.copy(), low.copy()
        ceiling, floor = np.where(up, above, below), np.where(up, below, above)
        np.minimum.at(new_high, node, np.floor(np.clip(ceiling, -1, FAR) + 1e-6))
        np.maximum.at(new_low, node, np.ceil(np.clip(floor, 0, FAR) - 1e-6))
        if (new_low > new_high).any():
            raise ValueError("the published cells contradict one another")
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return low, high
