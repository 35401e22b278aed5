"""Protect a plain list of shares: no sum ties its rows together, so each is decided by itself.

For the quality of extracts. Measures are cells of joint systems and go through `decide`; nothing of a measure
may be protected here.
"""

import polars as pl

from breakwater.disclosure.policy import NHS_ROUNDING, Policy

# Quality is always rounded, also where the policy shows the counts of measures as they are.
NEAREST = 5


def rounding(policy: Policy) -> int:
    """Return what the counts of shares are rounded to the nearest of."""
    return policy.rounding if policy.method == NHS_ROUNDING else NEAREST


def protect(shares: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Return the shares with `numerator` and `denominator` rounded or empty, `value` in percent, and `status`.

    shares: one row a share; columns numerator, denominator (true counts, one part of the other) and people (distinct
    people behind the denominator), and whatever names the share. Withheld (status c) is a share that rests on few
    people, in the numerator, outside it, or as it looks after rounding; and all or nothing of a small group.
    """
    nearest = rounding(policy)
    part, whole = pl.col("numerator"), pl.col("denominator")

    def few(count: pl.Expr) -> pl.Expr:
        return count.is_between(1, policy.threshold)

    def rounded(count: pl.Expr) -> pl.Expr:
        return (count + nearest // 2) // nearest * nearest

    whole_group = whole.is_between(1, policy.small_group - 1) & ((part == 0) | (part == whole))
    withheld = (
        few(part)
        | few(whole)
        | few(whole - part)
        | few(pl.col("people"))
        | few(rounded(whole) - rounded(part))
        | whole_group
    )
    shown = pl.col("status") == "shown"
    return (
        shares.with_columns(
            status=pl.when(withheld)
            .then(pl.lit("c"))
            .when(whole == 0)
            .then(pl.lit("x"))
            .otherwise(pl.lit("shown"))
        )
        .with_columns(
            numerator=pl.when(shown).then(rounded(part)).cast(pl.Int64),
            denominator=pl.when(shown).then(rounded(whole)).cast(pl.Int64),
        )
        .with_columns(value=100.0 * part / whole)
        .drop("people")
    )
