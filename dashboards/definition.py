"""What a measure is and is not, where it comes from, and what of it was withheld and why."""

from datetime import date
from html import escape

import streamlit as st

from dashboards import page, words
from dashboards.release import Release


def draw(release: Release, measure: dict) -> None:
    counts, facts = release.counts(measure["measure"]), release.facts
    page.heading("About this measure")
    share = f"{counts['withheld']:,} of {counts['cells']:,} figures are withheld, [c]"
    later = f" Another {counts['not_yet_known']:,} are not yet known, [x]." if counts["not_yet_known"] else ""
    entries = {
        "What it is": measure["definition"],
        "Why it matters": measure["why_it_matters"],
        "What it is not for": measure["not_for"],
        "What is counted": measure["numerator_text"],
        "Out of": measure["denominator_text"],
        "Framework": " ".join(filter(None, (measure["framework"], measure["framework_year"]))),
        "In which years": _in_which_years(release.frameworks(measure["measure"])),
        "Made from": words.listed(measure["source_extracts"]),
        "Period covered": f"From {words.day(counts['first_period'])}; "
        f"data up to {words.day(facts['data_up_to'])}",
        "Last update": words.day(facts["made_at"]),
        "What was withheld and why": (
            f"{share}. {' '.join(facts['rules'].splitlines()[:2])} Some others are withheld so that nobody "
            f"can work a withheld one out by adding and subtracting.{later}"
        ),
        "Purpose": measure["purpose"],
        "Legal basis": measure["legal_basis"],
        "Owner": measure["owner"],
        "Next review": words.day(date.fromisoformat(str(measure["next_review"])[:10])),
    }  # fmt: skip
    facts_list = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in entries.items() if v)
    st.html(f'<dl class="bw-facts">{facts_list}</dl>')


def _in_which_years(frameworks: list[dict]) -> str:
    """Return which national name applied when, the latest first, and what was different."""
    said = []
    for one in reversed(frameworks):
        until = f"until {words.day(one['valid_to'])}" if one["valid_to"] else "to now"
        differs = f": {one['differs']}" if one["differs"] else ""
        said.append(f"{one['framework']} from {words.day(one['valid_from'])} {until}{differs}")
    return "; ".join(said) + "." if said else ""
