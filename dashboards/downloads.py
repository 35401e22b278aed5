"""Files to take away: buttons on the pages. A file is made when it is asked for, and the page stays as it is."""

from collections.abc import Callable

import streamlit as st

from dashboards import exports, page
from dashboards.choices import Choice
from dashboards.exports.making import as_zip
from dashboards.release import Release

Told = Callable[[exports.Taken], None] | None


def draw(release: Release, measure: dict, choice: Choice, told: Told = None) -> None:
    """Draw the buttons: what this page shows, and everything released of the measure.

    told: is given what was taken each time a file is made; it runs outside the page.
    """
    _head("Take the figures away")
    name = measure["measure"]
    shown = {dimension: value for dimension, value in choice.cut.items() if dimension != "measure"}
    for label, part, where in (("What this page shows", "page", shown), ("All of this measure", "all", {})):
        stem = f"{name}-{part}-{release.facts['release_id']}"
        _row(label, part, {
            form: lambda form=form, where=where, stem=stem: exports.make(
                release, form, name, where, stem=stem, told=told
            )
            for form in exports.FORMS
        }, stem)  # fmt: skip


def draw_everything(release: Release, told: Told = None) -> None:
    """Draw the buttons for all measures at once, as one archive each."""
    _head("Take the whole release away")
    makers = {form: lambda form=form: exports.everything(release, form, told=told) for form in exports.FORMS}
    _row("Everything in this release", "everything", makers, f"everything-{release.facts['release_id']}")


def _head(title: str) -> None:
    page.heading(title)
    st.html("<p>Excel and OpenDocument files are laid out for reading, with notes. CSV and Parquet files have one "
            "row a figure, for programs: where <code>status</code> is <code>c</code> the figure is withheld, where "
            "it is <code>x</code> it is not yet known, and the number is then empty. A zero is a zero. "
            "Contains public sector information licensed under the Open Government Licence "
            "v3.0.</p>")  # fmt: skip


def _row(label: str, part: str, makers: dict[str, Callable[[], list]], stem: str) -> None:
    """Draw one button a form, in a row with its label."""
    page.note(label)
    with st.container(horizontal=True, gap="small"):
        for form, make in makers.items():
            several = form == "csv" or part == "everything"
            name = f"{stem}-{form}.zip" if several else f"{stem}.{form}"
            st.download_button(
                f"{exports.FORMS[form].label} (zip)" if several else exports.FORMS[form].label,
                data=lambda make=make, several=several: as_zip(make()) if several else make()[0].data,
                file_name=name,
                mime="application/zip" if several else exports.FORMS[form].mime,
                on_click="ignore",
                key=f"download_{part}_{form}",
                help=f"{label}, {exports.FORMS[form].label}",
            )
