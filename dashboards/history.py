"""The releases there are, and what changed since the one before, with reasons; an earlier one can be opened."""

from datetime import date
from html import escape

import streamlit as st

from dashboards import changes, downloads, page, tables, words
from dashboards.release import Release, listed, summary

# So many releases are listed, the latest first; older ones stay in the folder.
MOST = 24


def draw(release: Release, opened) -> None:
    """Draw the page; opened: file -> Release, shared by all readers."""
    page.head(release, "Releases and what changed")
    files = dict(list(listed().items())[:MOST])
    names = list(files)
    here = release.facts["release_id"]
    later = names.index(here) if here in names else 0
    before = names[later + 1] if later + 1 < len(names) else None
    page.heading("What changed")
    if before is None:
        page.paragraph("This is the first release that is kept here, so there is none to compare it with.")
    else:
        _changes(opened(files[before]), release)
    page.heading("Every release")
    rows = []
    for name in names:
        facts = summary(files[name])
        if facts is None:
            rows.append([escape(name), "cannot be read", "", "", ""])
            continue
        # the first page has the address of the place itself
        target = page.anchor(name, ".", release=name) if name != here else f"{escape(name)} (open now)"
        rows.append([target, words.day(facts["made_at"]), words.day(facts["data_up_to"]),
                     f"{facts['cells']:,}", f"{facts['withheld']:,}"])  # fmt: skip
    tables.draw_html("The releases, the latest first", ["Release", "Made on", "Data up to", "Figures", "Withheld"],
                     rows)  # fmt: skip
    page.paragraph(
        "A release is never changed. A correction is a new release, and the earlier one stays here."
    )
    downloads.draw_everything(release)


def _changes(earlier: Release, release: Release) -> None:
    found = changes.figures(earlier.file, release.file)
    titles = {one["measure"]: one["title"] for one in (*earlier.measures, *release.measures)}
    old, new = earlier.facts, release.facts
    moved = sum(n for counts in found.values() for kind, n in counts.items() if kind not in ("same", "kept"))
    since: date = old["made_at"]
    page.answer([
        f"Since release {old['release_id']} of {words.day(since)}: {moved:,} of {new['cells']:,} figures changed, "
        "came or went.",
        f"Records reach to {words.day(new['data_up_to'])}; before, to {words.day(old['data_up_to'])}."
        if new["data_up_to"] != old["data_up_to"]
        else f"Both have records up to {words.day(new['data_up_to'])}.",
    ])  # fmt: skip
    rows = [
        [titles[measure], name, f"{counts[kind]:,}", why]
        for measure, counts in sorted(found.items(), key=lambda item: titles[item[0]])
        for kind, (name, why) in changes.REASONS.items() if counts.get(kind)
    ]  # fmt: skip
    if rows:
        tables.draw(
            "Figures that changed, and why", ["Measure", "Change", "Figures", "Because"], rows, whole=True
        )
    else:
        page.paragraph("No figure is different.")
    for said in changes.rules(earlier, release):
        page.paragraph(said)
    told = changes.texts(earlier, release)
    if told:
        tables.draw(
            "Measures whose entry changed", ["Measure", "Changed"], [list(one) for one in told], whole=True
        )
    elif rows:
        st.html("<p>No definition changed.</p>")
