"""The dashboards: every page is a function of one release, opened read only. Start: `breakwater serve`."""

from pathlib import Path

import streamlit as st

from dashboards import about, measure, overview, quality
from dashboards.release import NoRelease, Release, release_path


@st.cache_resource(show_spinner=False, max_entries=8)
def opened(file: Path) -> Release:
    return Release(file)


def session_release() -> Release:
    """Return the release this session began with, whatever has been made current since."""
    if "release_path" not in st.session_state:
        st.session_state["release_path"] = release_path()
    return opened(st.session_state["release_path"])


def main() -> None:
    st.set_page_config(layout="wide", page_icon=str(Path(__file__).with_name("icon.svg")))
    try:
        release = session_release()
    except NoRelease as missing:
        st.title("No figures yet", anchor=False)
        st.write(str(missing))
        return
    pages: dict = {}
    first = st.Page(
        lambda: overview.draw(release, pages), title="At a glance", url_path="overview", default=True
    )
    sections: dict[str, list] = {"Overview": [first]}
    for entry in release.measures:
        target = st.Page(lambda entry=entry: measure.draw(release, entry), title=entry["title"],
                         url_path=entry["measure"])  # fmt: skip
        pages[entry["measure"]] = target
        sections.setdefault(entry["topic"], []).append(target)
    sections["About"] = [
        st.Page(lambda: about.draw(release), title="About the data", url_path="about"),
        st.Page(lambda: quality.draw(release), title="Quality of the records", url_path="quality"),
    ]
    st.navigation(sections, expanded=True).run()


if __name__ == "__main__":
    main()
