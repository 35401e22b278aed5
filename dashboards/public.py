"""For the public: what is shared and what is not, how to opt out, how many take part, and the way of the records."""

from html import escape

import streamlit as st

from dashboards import headlines, page, tables, words
from dashboards.charts import information_flow
from dashboards.release import Release


def draw(release: Release) -> None:
    page.head(release, "How your records are used")
    facts = release.facts
    page.answer([
        "Health and care records help to plan services. The figures here are made from records without names. "
        "Nobody can be found in them."
    ])  # fmt: skip
    page.heading("What is shared")
    st.html(
        '<div class="bw-text"><ul>'
        "<li>Records of visits to hospital, of general practices, of social care and of community services.</li>"
        "<li>In place of your name and NHS number they carry a code. The code cannot be turned back without a key, and "
        "the key stays with those who sent the records.</li>"
        "<li>Your month of birth, and the small area you live in: about 1,700 people.</li></ul></div>"
    )
    page.heading("What is not shared")
    st.html(
        '<div class="bw-text"><ul>'
        "<li>Your name, address, postcode, day of birth, NHS number or telephone number. Files that hold any are sent "
        "back.</li><li>Notes that somebody wrote about you.</li>"
        "<li>This website holds no record of any person. It has finished figures only. "
        f"{escape(' '.join(facts['rules'].splitlines()[:2]))}</li></ul></div>"
    )
    page.heading("Your choice")
    st.html(
        '<div class="bw-text"><ul>'
        "<li>Tell your general practice that your records are not to be used beyond your own care (a type 1 opt-out). "
        "Then no record of yours is counted in these figures.</li>"
        "<li>The national data opt-out, at nhs.uk/your-nhs-data-matters, stops uses that name you. Where a use needs "
        "it, it is applied; the table below says which.</li>"
        "<li>In social care you can refuse. Refused records are left out.</li>"
        "<li>Your care stays the same, whatever you choose.</li></ul></div>"
    )
    _uptake(release)
    _flows(release)


def _uptake(release: Release) -> None:
    """Draw the headline figures of coverage, with their other series."""
    covers = [one for one in release.measures if one["topic"].lower().startswith("coverage")]
    rows = []
    for measure in covers:
        for series in release.series(measure["measure"]):
            key = {name: series[name] for name in ("measure", "category_type", "category")}
            cells = release.cells(
                **key, area_type="place", age_band="all", sex="all", deprivation_quintile="all"
            )
            cell, _ = headlines.latest(cells)
            if cell:
                text = words.quantity(cell, series) if words.has_number(cell) else words.number(cell, series)
                rows.append([series["label"], text, words.period(cell["period_type"], cell["period_start"])])
    if rows:
        page.heading("How many take part")
        tables.draw(
            "Share of people whose records are in the figures", ["Who", "Share", "When"], rows, whole=True
        )


def _flows(release: Release) -> None:
    """Draw the way of the records as a diagram and as tables, from the metadata of the release."""
    page.heading("The way of the records")
    sources, flows = release.sources, release.flows
    if not sources:
        page.paragraph("This release was made before the way of the records was kept with it.")
        return
    st.html(information_flow.diagram(sources, flows, release.facts))
    page.note("From left to right: who sends records, what is taken out there, where they are joined and counted, and "
              "what comes out. The tables say the same.")  # fmt: skip
    rows = [[one["title"], one["source"], one["identifiers"], one["kept"]] for one in sources]
    tables.draw("What is sent, and what is taken out first",
                ["Records", "From", "Taken out or turned into a code by the sender", "What is left about you"],
                rows, whole=True)  # fmt: skip
    titles = {one["extract"]: one["title"] for one in sources}
    rows = [[titles.get(one["extract"], one["extract"]), one["purpose_title"], one["legal_basis"], one["choices"]]
            for one in flows]  # fmt: skip
    tables.draw(
        "What the records may be used for",
        ["Records", "Used for", "Legal basis", "Your choices that count"],
        rows,
    )
