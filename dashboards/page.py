"""What every page has: the release it shows at the top, the house style, links, a chart with its table."""

import re
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboards import style, words
from dashboards.release import Release


def head(release: Release, title: str) -> None:
    """Draw a page's title, the release it comes from and, for invented people, a line that says so."""
    facts = release.facts
    st.html(style.sheet())
    st.title(title, anchor=False)
    earlier = st.session_state.get("release_id")
    st.html(
        f'<p class="bw-release">{escape(facts["place_name"])} · release {escape(facts["release_id"])} of '
        f"{words.day(facts['made_at'])} · data up to {words.day(facts['data_up_to'])}</p>"
        + (
            '<p class="bw-notice"><strong>An earlier release.</strong> Newer figures may be out. '
            f'<a href="{escape(link("releases", release="current"))}">Go back to the current release</a>.</p>'
            if earlier
            else ""
        )
        + (
            '<p class="bw-notice"><strong>Practice data.</strong> These figures are about invented people. '
            "They must not be used for decisions.</p>"
            if facts["synthetic"]
            else ""
        )
    )


def link(path: str, **query: str) -> str:
    """Return the address of a page with choices; an earlier release that is open stays open."""
    earlier = st.session_state.get("release_id")
    asked = ({"release": earlier} if earlier else {}) | query
    return path + (f"?{urlencode(asked)}" if asked else "")


def anchor(text: str, path: str, **query: str) -> str:
    return f'<a href="{escape(link(path, **query))}">{escape(text)}</a>'


def topic_path(topic: str) -> str:
    """Return the address of a topic's page: topic-unplanned-care."""
    return "topic-" + re.sub(r"[^a-z0-9]+", "-", topic.lower()).strip("-")


def heading(text: str) -> None:
    st.header(text, anchor=False)


def note(text: str) -> None:
    """Draw a small line of plain text under a chart or above a table; nothing for an empty one."""
    if text:
        st.html(f'<p class="bw-release">{escape(text)}</p>')


def paragraph(text: str) -> None:
    """Draw a paragraph of plain text; nothing for an empty one."""
    if text:
        st.html(f'<p class="bw-text">{escape(text)}</p>')


def answer(lines: list[str], icon: str = "") -> None:
    """Draw the sentences that a page is opened for; icon: an image before the last of them."""
    told = [f"<p>{icon if n == len(lines) - 1 else ''}{escape(line)}</p>" for n, line in enumerate(lines)]
    st.html(f'<div class="bw-answer">{"".join(told)}</div>')


def chart(drawing, summary: str) -> None:
    """Draw a chart; the summary is its text for those who cannot see it.

    The tests check its specification; to check it again for every reader would take half of a page's time.
    """
    specification = drawing.to_dict(validate=False)
    st.vega_lite_chart(spec=specification, theme=None, width="stretch", alt=summary)
