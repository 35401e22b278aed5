"""The dashboards: every page is a function of one release, opened read only. Start: `breakwater serve`."""

from functools import partial
from pathlib import Path

import streamlit as st

from dashboards import about, board, history, measure, overview, page, public, quality, search, topic
from dashboards.release import NoRelease, Release, listed, release_path


@st.cache_resource(show_spinner=False, max_entries=8)
def opened(file: Path) -> Release:
    return Release(file)


def session_release() -> Release:
    """Return the release this session began with, whatever has been made current since; or the one asked for.

    The address may name a release (`?release=`): only names that lie beside the current one are looked up. A name
    that is not there is set aside.
    """
    asked = st.query_params.get("release")
    if asked == "current":
        st.session_state.pop("release_id", None)
        st.session_state.pop("release_path", None)
        st.query_params.pop("release", None)
    elif asked and asked != st.session_state.get("release_id"):
        if asked in (files := listed()):
            st.session_state["release_id"], st.session_state["release_path"] = asked, files[asked]
        else:
            st.query_params.pop("release", None)
            st.session_state["not_there"] = True
    if st.session_state.get("release_id"):
        st.query_params["release"] = st.session_state["release_id"]
    path = st.session_state.get("release_path")
    if path is None or not path.is_file():
        # Made current since, or the folder of an old release was taken away: the reader goes on with what there is.
        st.session_state["release_path"] = path = release_path()
    return opened(path)


def sections(release: Release) -> dict[str, list]:
    """Return the pages of the menu by section."""

    def of(draw, title: str, path: str, **more):
        return st.Page(partial(draw, release), title=title, url_path=path, **more)

    return {
        "": [
            of(overview.draw, "At a glance", "overview", default=True),
            of(board.draw, "Board summary", "board"),
            of(search.draw, "Find a figure", "search"),
        ],
        "Topics": [
            st.Page(partial(topic.draw, release, name), title=name, url_path=page.topic_path(name))
            for name in topic.topics(release)
        ],
        "About": [
            st.Page(
                partial(history.draw, release, opened), title="Releases and changes", url_path="releases"
            ),
            of(about.draw, "About the data", "about"),
            of(quality.draw, "Quality of the records", "quality"),
            of(public.draw, "For the public", "public"),
        ],
    }


def menu(found: dict[str, list]) -> None:
    """Draw the menu. Streamlit's own has lists in which a screen reader loses its place, and no room for a search."""
    with st.sidebar, st.container(key="menu", gap=None):
        search_page = found[""][-1]
        asked = st.text_input("Find a figure", key="search_box", max_chars=search.LONGEST, type="search")
        for name, links in found.items():
            if name:
                st.html(f'<p class="bw-section">{name}</p>')
            for link in links:
                st.page_link(link)
    if asked and asked != st.session_state.get("searched"):
        st.session_state["searched"] = asked
        st.switch_page(search_page, query_params={"q": asked})


def main() -> None:
    st.set_page_config(layout="wide", page_icon=str(Path(__file__).with_name("icon.svg")))
    try:
        release = session_release()
    except NoRelease as missing:
        st.title("No figures yet", anchor=False)
        st.write(str(missing))
        return
    found = sections(release)
    measures = [
        st.Page(partial(measure.draw, release, entry), title=entry["title"], url_path=entry["measure"])
        for entry in release.measures
    ]
    chosen = st.navigation(
        [*(link for links in found.values() for link in links), *measures], position="hidden"
    )
    menu(found)
    if st.session_state.pop("not_there", False):
        st.info("There is no such release here. This is the current one.")
    chosen.run()


if __name__ == "__main__":
    main()
