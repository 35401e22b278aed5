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


def pages(release: Release) -> dict[str, list]:
    """Return the pages by section of the menu; measures have pages that other pages lead to."""

    def of(draw, title: str, path: str, **more):
        return st.Page(partial(draw, release), title=title, url_path=path, **more)

    topics = [
        st.Page(partial(topic.draw, release, name), title=name, url_path=page.topic_path(name))
        for name in topic.topics(release)
    ]
    measures = [
        st.Page(partial(measure.draw, release, entry), title=entry["title"], url_path=entry["measure"],
                visibility="hidden")
        for entry in release.measures
    ]  # fmt: skip
    return {
        "": [
            of(overview.draw, "At a glance", "overview", default=True),
            of(board.draw, "Board summary", "board"),
            of(search.draw, "Find a figure", "search"),
        ],
        "Topics": topics + measures,
        "About": [
            st.Page(
                partial(history.draw, release, opened), title="Releases and changes", url_path="releases"
            ),
            of(about.draw, "About the data", "about"),
            of(quality.draw, "Quality of the records", "quality"),
            of(public.draw, "For the public", "public"),
        ],
    }


def main() -> None:
    st.set_page_config(layout="wide", page_icon=str(Path(__file__).with_name("icon.svg")))
    try:
        release = session_release()
    except NoRelease as missing:
        st.title("No figures yet", anchor=False)
        st.write(str(missing))
        return
    chosen = st.navigation(pages(release), expanded=True)
    if st.session_state.pop("not_there", False):
        st.info("There is no such release here. This is the current one.")
    chosen.run()


if __name__ == "__main__":
    main()
