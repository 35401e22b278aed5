"""Files to take away: the released cells as they are, made only when asked for."""

import csv
import io

import streamlit as st

from dashboards import page, words
from dashboards.choices import Choice
from dashboards.release import Release

COLUMNS = (
    "release_id", "measure", "series", "unit_of_value", "period_type", "period", "period_start", "area_type",
    "area_code", "area_name", "age_band", "sex", "deprivation_quintile", "category_type", "category",
    "numerator", "denominator", "value", "lower", "upper", "status", "status_text",
)  # fmt: skip


def as_csv(release: Release, **where) -> str:
    """Return the released cells with these values as CSV text: numbers empty where status is c or x."""
    series = {(one["category_type"], one["category"]): one for one in release.series(where["measure"])}
    areas, release_id = release.areas, release.facts["release_id"]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for cell in release.cells(**where):
        one = series[cell["category_type"], cell["category"]]
        writer.writerow(cell | {
            "release_id": release_id,
            "series": one["label"],
            "unit_of_value": one["value_label"],
            "period": words.period(cell["period_type"], cell["period_start"]),
            "area_name": areas[cell["area_code"]]["area_name"] if cell["area_code"] in areas else "",
            "status_text": words.STATUS[cell["status"]],
        })  # fmt: skip
    return text.getvalue()


def draw(release: Release, measure: dict, choice: Choice) -> None:
    """Draw the two buttons: what this page shows, and everything released of the measure."""
    page.heading("Take the figures away")
    st.html("<p>Each row is one figure. Where <code>status</code> is <code>c</code> the figure is withheld, "
            "where it is <code>x</code> it is not yet known; the number is then empty. A zero is a zero. "
            "Contains public sector information licensed under the Open Government Licence "
            "v3.0.</p>")  # fmt: skip
    name, release_id = measure["measure"], release.facts["release_id"]
    with st.container(horizontal=True):
        for label, part, where in (
            ("Download what this page shows (CSV)", "page", choice.cut),
            ("Download all of this measure (CSV)", "all", {"measure": name}),
        ):
            st.download_button(
                label,
                data=lambda where=where: as_csv(release, **where),
                file_name=f"{name}-{part}-{release_id}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"download_{part}",
            )
