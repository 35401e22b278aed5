"""About the data: how people are protected, what was checked, where the figures come from."""

from html import escape

import streamlit as st

from dashboards import page, tables, words
from dashboards.release import Release

GATES = {
    "landing": "When files arrive",
    "models": "When people are linked and counted",
    "release": "Before a release",
    "attack": "Attacking the release as an intruder would",
}


def draw(release: Release) -> None:
    facts = release.facts
    policy = facts["policy"]
    page.head(release, "About the data")
    page.heading("How people are protected")
    st.html(
        "<p>The records behind these figures carry no names, NHS numbers, addresses or dates of birth. They "
        "never reach this website. It can open one file only: the released figures.</p><ul>"
        f"{''.join(f'<li>{escape(rule)}</li>' for rule in facts['rules'].splitlines())}"
        "<li>A withheld figure is shown as [c].</li>"
        "<li>Before a release we attack it as an intruder would, with every figure in hand. At least "
        f"{policy['least_candidates']} numbers must stay possible for each withheld figure. If not, nothing "
        "is released.</li></ul>"
        "<p>A zero means that nobody was counted. [x] means that it is too early to know. Nobody can turn "
        "these rules off here.</p>"
    )
    page.heading("How to read the figures")
    st.html(
        "<p>Most rates come with a 95% interval: the range in which the true figure is likely to lie. We "
        "call two figures higher or lower only where their ranges do not overlap. Otherwise they are "
        "similar, and the difference could be chance.</p>"
    )
    page.heading("This release")
    rows = [
        ["Release", facts["release_id"]],
        ["Place", facts["place_name"]],
        ["Made on", words.day(facts["made_at"])],
        ["Data up to", words.day(facts["data_up_to"])],
        ["Figures", f"{facts['cells']:,}"],
        ["Withheld", f"{facts['withheld']:,}"],
        ["Software", f"Breakwater {facts['software_version']}"],
        ["People", "Invented" if facts["synthetic"] else "Real, without names"],
    ]
    tables.draw("The release that these pages show", ["Fact", "Value"], rows, whole=True)
    st.html("<p>A release is never changed. A correction is a new release.</p>")
    _checks(release)
    _sources(release)


def _checks(release: Release) -> None:
    page.heading("What was checked")
    gates: dict[str, list[dict]] = {}
    for check in release.checks:
        gates.setdefault(check["gate"], []).append(check)
    order = sorted(gates, key=lambda gate: (list(GATES).index(gate) if gate in GATES else len(GATES), gate))
    rows = [
        [
            GATES.get(gate, gate),
            str(len(gates[gate])),
            str(sum(bool(check["passed"]) for check in gates[gate])),
        ]
        for gate in order
    ]
    tables.draw("Checks by gate", ["Gate", "Checks", "Passed"], rows, whole=True)
    with st.expander("Table: every check"):
        listed = [
            [check["check_name"], check["subject"] or "", "passed" if check["passed"] else "failed",
             check["detail"] or ""]
            for gate in order for check in gates[gate]
        ]  # fmt: skip
        tables.draw("Every check of this release", ["Check", "Of", "Result", "Detail"], listed)


def _sources(release: Release) -> None:
    page.heading("Where the figures come from")
    rows = [
        [
            m["title"],
            words.listed(m["source_extracts"]),
            m["purpose"] or "",
            m["legal_basis"] or "",
            m["owner"] or "",
        ]
        for m in release.measures
    ]
    tables.draw("Sources, purpose and legal basis of each measure",
                ["Measure", "Made from", "Purpose", "Legal basis", "Owner"], rows)  # fmt: skip
    drawn = {area["outline_kind"] for area in release.areas.values()} - {None}
    schematic = "Maps are schematic: our own outlines from the published centres of areas. " if drawn else ""
    st.html(
        f"<p>{escape(schematic)}Contains public sector information licensed under the Open Government "
        "Licence v3.0.</p>"
    )
