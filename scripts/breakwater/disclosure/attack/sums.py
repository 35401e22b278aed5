"""Every sum that ties the cells of a release together: over dimensions, between categories, standardised rates."""

import numpy as np
import polars as pl

from breakwater.disclosure.attack.coarser import complete
from breakwater.disclosure.attack.linear import Rows
from breakwater.disclosure.attack.published import DIMENSIONS, FAR, KEY


def add_sums_over(rows: Rows, nodes: pl.DataFrame, steps: list, all_parts_known: bool) -> None:
    """Add, for each step, whole = sum of parts; whole >= parts where an outsider cannot be sure to see all of them."""

    for dimension, step, mapping in steps:
        parts = complete(nodes, dimension, step, mapping).rename({"node": "part"})
        joined = parts.join(nodes.select(*KEY, "node"), on=KEY).sort("node")
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


def add_differences(rows: Rows, nodes: pl.DataFrame) -> None:
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


def add_standardised_rates(rows: Rows, nodes: pl.DataFrame, release) -> None:
    """Add each published standardised rate, and the variance that its interval gives away, as a weighted sum."""
    # of a release made before rates were of some ages only, the weights are those of every units model
    of_units = "units_model" in release.sql("select * from standard_weights limit 0").columns
    rates = release.sql(
        f"""
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
        from rates inner join standard_weights as weights using ({"units_model, " if of_units else ""}area, sex)
        order by all
        """
    ).pl()
    if rates.is_empty():
        return

    terms = rates.join(nodes.select(*KEY, "node"), on=KEY)
    cell = [column for column in KEY if column != "age_band"]
    terms = terms.sort([*cell, "age_band"]).with_columns(
        owner=pl.struct(cell).rank("dense").cast(pl.Int64) - 1
    )
    first = terms.group_by("owner", maintain_order=True).first()
    owner, node, weight = (terms[name].to_numpy() for name in ("owner", "node", "coefficient"))
    for power, middle, grain in ((1, "value", "rate_grain"), (2, "variance", "variance_grain")):
        half = first[grain].to_numpy() / 2 + 1e-6 * first[middle].to_numpy()
        centre = first[middle].to_numpy()
        rows.add(owner, node, weight**power, list(zip(centre - half, centre + half, strict=True)))
