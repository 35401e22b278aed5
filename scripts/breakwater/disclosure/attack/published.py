"""What a release says of each count by itself, and what an intruder may know besides."""

import numpy as np
import polars as pl

from breakwater.disclosure.policy import Policy

# No bound: far above any count, small enough that sums of it stay exact.
FAR = float(1 << 40)
DIMENSIONS = ["period_type", "period_start", "area", "age_band", "sex"]
KEY = ["units_model", "category_set", *DIMENSIONS]


def published(release, policy: Policy) -> pl.DataFrame:
    """One node per published count: numerators, and denominators that are counts of ours."""
    counts = release.sql(
        """
        with rows as (
            select
                cells.*, series.units_model, series.counts, series.whole, series.kind,
                if(deprivation_quintile = 'all', area_code, 'quintile ' || deprivation_quintile) as area
            from cells inner join series using (measure, category_type, category)
            where status in ('shown', 'p', 'c')
        )
        select
            units_model, counts as category_set, period_type, period_start, area, age_band, sex, numerator as published,
            status
        from rows where kind <> 'directly_standardised_rate'
        union all
        select units_model, whole, period_type, period_start, area, age_band, sex, denominator, status
        from rows where kind = 'proportion'
        """
    ).pl()

    # shown once is shown: the same count withheld in another place is no secret
    nodes = (
        counts.group_by(KEY)
        .agg(pl.col("published").max(), kept=~(pl.col("status") == "shown").any())
        .with_columns(withheld=pl.col("published").is_null())
    )
    low, high = policy.interval(nodes["published"].fill_null(0).to_numpy())
    withheld, kept = nodes["withheld"].to_numpy(), nodes["kept"].to_numpy()
    # a figure of an earlier release that is kept: today's count is not far from it, and no more is said
    said, reach = nodes["published"].fill_null(0).to_numpy(), policy.threshold + policy.half_width
    low, high = np.where(kept, np.maximum(said - reach, 0), low), np.where(kept, said + reach, high)
    return nodes.drop("published", "kept").with_columns(
        low=pl.Series(np.where(withheld, 0.0, low)), high=pl.Series(np.where(withheld, FAR, high))
    )


def together(releases: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the counts of several releases, the latest last, as one: each count lies in all its intervals at once.

    Where the intervals of a count exclude each other it was revised, and the latest one stands.
    """
    cells = pl.concat(frame.with_columns(edition=pl.lit(number)) for number, frame in enumerate(releases))
    cells = cells.sort("edition").group_by(KEY, maintain_order=True)
    cells = cells.agg(
        pl.col("withheld").last(),
        least=pl.col("low").max(),
        most=pl.col("high").min(),
        low=pl.col("low").last(),
        high=pl.col("high").last(),
    )
    agree = pl.col("least") <= pl.col("most")
    return cells.with_columns(
        low=pl.when(agree).then("least").otherwise("low"), high=pl.when(agree).then("most").otherwise("high")
    ).drop("least", "most")


def with_knowledge(nodes: pl.DataFrame, knowledge: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Give the intruder the worst case: which withheld cells hold 1 to the threshold, and which rests are empty.

    Adds the cells that follow by subtraction, which must stay wide too, and the rests that are not empty. Of people of
    unknown sex also where there are none (`sure_empty`): who is after these people is not taken to know that.
    """

    empty, unknown_sex = pl.col("counted") == 0, pl.col("sex") == "not known"
    further = knowledge.filter(pl.when("rest").then(~empty | unknown_sex).otherwise("is_implied"))
    further = further.join(nodes, on=KEY, how="anti")
    unknown = further.select(KEY).with_columns(withheld=pl.lit(False), low=pl.lit(0.0), high=pl.lit(FAR))
    joined = pl.concat([nodes, unknown.select(nodes.columns)]).join(
        knowledge.select(*KEY, "counted", "people", "in_block"), on=KEY, how="left"
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
        high=pl.when(block | few)
        .then(float(policy.threshold))
        .when(unknown_sex & empty)
        .then(0.0)
        .otherwise("high"),
        small=pl.col("people").is_between(1, policy.threshold),
        sure_empty=(unknown_sex & empty).fill_null(False),
    )
