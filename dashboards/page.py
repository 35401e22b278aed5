"""What every page has: the release it shows at the top, the house style, a chart with its table."""

from html import escape

import streamlit as st

from dashboards import theme, words
from dashboards.release import Release


def head(release: Release, title: str) -> None:
    """Draw a page's title, the release it comes from and, for invented people, a line that says so."""
    facts = release.facts
    st.html(theme.PAGE)
    st.title(title, anchor=False)
    st.html(
        f'<p class="bw-release">{escape(facts["place_name"])} · release {escape(facts["release_id"])} of '
        f"{words.day(facts['made_at'])} · data up to {words.day(facts['data_up_to'])}</p>"
        + (
            '<p class="bw-notice"><strong>Practice data.</strong> These figures are about invented people. '
            "They must not be used for decisions.</p>"
            if facts["synthetic"]
            else ""
        )
    )


def heading(text: str) -> None:
    st.header(text, anchor=False)


def note(text: str) -> None:
    """Draw a small line of plain text under a chart or above a table; nothing for an empty one."""
    if text:
        st.html(f'<p class="bw-release">{escape(text)}</p>')


def paragraph(text: str) -> None:
    """Draw a paragraph of plain text; nothing for an empty one."""
    if text:
        st.html(f"<p>{escape(text)}</p>")


def chart(drawing, summary: str) -> None:
    """Draw a chart; the summary is its text for those who cannot see it.

    The tests check its specification; to check it again for every reader would take half of a page's time.
    """
    specification = drawing.to_dict(validate=False)
    st.vega_lite_chart(spec=specification, theme=None, width="stretch", alt=summary)
