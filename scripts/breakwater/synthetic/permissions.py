"""Opt-outs, consents and which practices take part."""

import numpy as np
import polars as pl

from breakwater.synthetic import published
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.periods import DATA_END, FAR, YEAR, Period, day
from breakwater.synthetic.place import Place


def rows(place: Place, lives: Lives, clients: np.ndarray, asked: np.ndarray, people: pl.DataFrame,
         spans: list[Period], rng) -> pl.DataFrame:  # fmt: skip
    """Return permissions in identifiable form.

    clients, asked: people of social care and the day they were first asked for consent. A few withdraw an
    opt-out: it then has a last day. All practices take part but the one with the smallest list.
    """
    size = len(lives.people)
    start, end = spans[0].first, day(DATA_END)
    parts = [_practices(place, start)]
    for kind, share, since in (("type_1_opt_out", published.TYPE_1_OPT_OUT, 2013),
                               ("national_data_opt_out", published.NATIONAL_DATA_OPT_OUT, 2018)):  # fmt: skip
        who = np.flatnonzero(rng.random(size) < share)
        who = who[lives.people.birth[who] < end]
        opened = int((since - 1970) * YEAR)
        first = np.maximum(rng.integers(opened, end, who.size), lives.people.birth[who])
        last = np.where(rng.random(who.size) < 0.03, first + rng.integers(200, 1500, who.size), FAR)
        parts.append(_people(people, who, kind, np.full(who.size, "out"), first, last))
    refused = np.where(rng.random(clients.size) < published.CONSENT_REFUSED, "out", "in")
    parts.append(_people(people, clients, "social_care_consent", refused, asked, np.full(clients.size, FAR)))
    frame = pl.concat(parts)
    key = pl.format("P{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7))
    return frame.select(key.alias("permission_id"), pl.all())


def _people(people: pl.DataFrame, who, kind: str, state, first, last) -> pl.DataFrame:
    open_ended = pl.Series(last > day(DATA_END))
    return pl.DataFrame({
        "nhs_number": people["nhs_number"].gather(who), "practice_code": np.full(who.size, ""),
        "permission_type": np.full(who.size, kind), "state": state,
        "from_date": pl.Series(first).cast(pl.Int32).cast(pl.Date),
        "to_date": pl.Series(np.minimum(last, FAR)).cast(pl.Int32).cast(pl.Date),
    }).with_columns(to_date=pl.when(open_ended).then(None).otherwise("to_date"))  # fmt: skip


def _practices(place: Place, start: int) -> pl.DataFrame:
    """Return the participation of each practice; the smallest list stays away."""
    size = len(place.practices)
    state = np.full(size, "in", dtype=object)
    state[np.argmin(place.list_share)] = "out"
    return pl.DataFrame({
        "nhs_number": np.full(size, ""), "practice_code": place.practices,
        "permission_type": np.full(size, "practice_participation"), "state": list(state),
        "from_date": pl.Series(np.full(size, start)).cast(pl.Int32).cast(pl.Date),
        "to_date": pl.Series([None] * size, dtype=pl.Date),
    })  # fmt: skip
