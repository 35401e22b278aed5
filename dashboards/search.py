"""Search over the catalogue: every measure and series, by any words of its entry."""

from html import escape

import streamlit as st

from dashboards import choices, page
from dashboards.release import Release

FIELDS = ("title", "topic", "definition", "why_it_matters", "numerator_text", "denominator_text", "framework",
          "source_extracts", "owner")  # fmt: skip
# Of what is asked for, so much is read; nobody needs more.
LONGEST = 100


def found(release: Release, asked: str) -> list[tuple[dict, list[dict]]]:
    """Return the measures whose entry has every word asked for, title hits first, each with its series."""
    terms = asked[:LONGEST].lower().split()
    hits = []
    for measure in release.measures:
        series = release.series(measure["measure"])
        labels = " ".join(f"{one['label']} {one['category']} {one['value_label'] or ''}" for one in series)
        text = f"{labels} {' '.join(str(measure[field] or '') for field in FIELDS)}".lower()
        if all(term in text for term in terms):
            in_title = all(term in f"{measure['title']} {labels}".lower() for term in terms)
            hits.append((not in_title, measure["position"], measure, series))
    return [(measure, series) for *_, measure, series in sorted(hits, key=lambda hit: hit[:2])]


def draw(release: Release) -> None:
    page.head(release, "Find a figure")
    asked = (st.query_params.get("q") or "")[:LONGEST]
    st.session_state["search_here"] = asked

    def remember() -> None:
        if st.session_state["search_here"].strip():
            st.query_params["q"] = st.session_state["search_here"].strip()
        else:
            st.query_params.pop("q", None)

    st.text_input(
        "Words of its name, definition or source", key="search_here", on_change=remember, max_chars=LONGEST
    )
    hits = found(release, asked)
    if not hits:
        page.paragraph(f"No measure has all of these words: {asked}. Here is everything there is.")
        hits = found(release, "")
    page.heading(f"{len(hits)} measure{'s' if len(hits) != 1 else ''}")
    items = "".join(_item(measure, series) for measure, series in hits)
    st.html(f'<ul class="bw-cards">{items}</ul>')


def _item(measure: dict, series: list[dict]) -> str:
    lines = "".join(
        f"<p>{page.anchor(one['label'], measure['measure'], show=choices.series_key(one))}</p>"
        for one in series
    )
    first = measure["definition"].split(". ")[0].rstrip(".") + "."
    return (
        f'<li><p class="bw-topic">{escape(measure["topic"])}</p><h3>{escape(measure["title"])}</h3>'
        f"<p>{escape(first)}</p>{lines}</li>"
    )
