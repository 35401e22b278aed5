"""Quality of the records: how valid, complete, linked and timely each extract was."""

from html import escape

import streamlit as st

from dashboards import page, tables, words
from dashboards.release import Release

INDICATORS = {
    "valid": ("Valid", "rows that kept to their contract, of rows offered"),
    "keyed": ("With a person key", "rows that a person could be linked by, of rows offered"),
    "complete": ("Complete", "rows with every field that figures rest on, of rows accepted"),
    "linked": ("Linked", "people of the month who have a registration with a general practice"),
}
# Expectations of Great Expectations in words; those that say themselves what they expect stay as they are.
EXPECTATIONS = {
    "ExpectColumnValuesToBeUnique": "no two rows have the same value",
    "ExpectColumnValuesToNotBeNull": "filled in every row",
    "ExpectTableRowCountToBeBetween": "at least one row",
}
BY_PERIOD = ("valid", "keyed", "complete")


def draw(release: Release) -> None:
    page.head(release, "Quality of the records")
    st.html(
        "<p>Figures are as good as the records behind them. Here is what arrived for this release, extract by "
        "extract.</p><ul>"
        + "".join(f"<li><strong>{name}</strong>: {escape(what)}.</li>" for name, what in INDICATORS.values())
        + "<li><strong>On time</strong>: landed within two months of the end of its period.</li></ul>"
        "<p>Shares are made from rounded counts. A share that a few people could be found in is withheld, [c]; "
        "of a file that was refused none is known, [x]; what is not asked of an extract does not apply, [z].</p>"
    )
    extracts: dict[str, list[dict]] = {}
    for share in release.quality:
        extracts.setdefault(share["extract"], []).append(share)
    deliveries: dict[str, list[dict]] = {}
    for delivery in release.deliveries:
        deliveries.setdefault(delivery["extract"], []).append(delivery)
    page.heading("Each extract at its latest")
    rows = [_latest(name, shares, deliveries.get(name, [])) for name, shares in extracts.items()]
    headings = [
        "Extract",
        "Up to",
        *(name for name, _ in INDICATORS.values()),
        "Landed",
        "On time",
        "Refused files",
    ]
    tables.draw("Quality of each extract at its latest period, %", headings, rows, whole=True)
    page.heading("Each extract over time")
    for name, shares in extracts.items():
        with st.expander(f"Table: {_title(name)}"):
            _over_time(name, shares, deliveries.get(name, []))
    page.heading("What was expected of the files")
    _expectations(release)


def _title(extract: str) -> str:
    return extract.replace("_", " ")


def _share(share: dict | None, asked: bool = True) -> str:
    """Return a share as it is shown; asked: whether the extract has this share in any period."""
    if not asked:
        return words.DOES_NOT_APPLY
    if share is None:
        return words.UNKNOWN
    if share["status"] != "shown":
        return {"c": words.WITHHELD}.get(share["status"], words.UNKNOWN)
    return f"{share['value']:.1f}"


def _landed(delivery: dict | None) -> tuple[str, str, str]:
    """Return when the files of a period landed, whether in time, and how many were refused."""
    if delivery is None:
        return "", "", ""
    landed = words.day(delivery["landed_on"]) if delivery["landed_on"] else "not yet"
    in_time = {True: "yes", False: "no", None: ""}[delivery["on_time"]]
    return landed, in_time, str(delivery["files_refused"])


def _latest(extract: str, shares: list[dict], deliveries: list[dict]) -> list[str]:
    """Return one row: the latest share of each indicator, and the latest delivery."""
    found = {share["indicator"]: share for share in sorted(shares, key=lambda one: one["period_end"])}
    delivery = max(deliveries, key=lambda one: one["period_end"], default=None)
    up_to = words.day(delivery["period_end"]) if delivery else ""
    return [
        _title(extract),
        up_to,
        *(_share(found.get(name), name in found) for name in INDICATORS),
        *_landed(delivery),
    ]


def _over_time(extract: str, shares: list[dict], deliveries: list[dict]) -> None:
    by_period = {(one["indicator"], one["period_start"], one["period_end"]): one for one in shares}
    asked = {one["indicator"] for one in shares}
    rows = []
    for delivery in deliveries:
        when = delivery["period_start"], delivery["period_end"]
        said = [_share(by_period.get((name, *when)), name in asked) for name in BY_PERIOD]
        rows.append([f"{words.day(when[0])} to {words.day(when[1])}", *said, *_landed(delivery)])
    headings = ["Period", *(INDICATORS[name][0] for name in BY_PERIOD), "Landed", "On time", "Refused files"]
    tables.draw(f"Files of {_title(extract)} by period, %", headings, rows)
    linked = [one for one in shares if one["indicator"] == "linked"]
    if linked:
        rows = [[words.period("month", one["period_start"]), _share(one)] for one in linked]
        tables.draw(
            f"People of {_title(extract)} with a registration, by month, %", ["Month", "Linked"], rows
        )


def _expectations(release: Release) -> None:
    """Draw how often each expectation of Great Expectations was met, by extract."""
    counted: dict[tuple, list[int]] = {}
    for one in release.expectations:
        of = counted.setdefault((one["extract"], one["expectation"], one["column_name"] or ""), [0, 0])
        of[0 if one["passed"] else 1] += 1
    rows = [
        [_title(extract), EXPECTATIONS.get(expectation, expectation), column, str(met), str(failed)]
        for (extract, expectation, column), (met, failed) in sorted(counted.items())
    ]
    headings = ["Extract", "Expectation", "Column", "Files that met it", "Files that did not"]
    tables.draw("Expectations of every file offered", headings, rows)
