"""What a reader may choose on a measure's page: only what was released, each choice narrowed by the ones
before it, so that no choice can end in an empty screen. The choices live in the address bar."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards import words
from dashboards.release import Release
from dashboards.words import age_order

PERIOD_TYPES = list(words.PERIOD_TYPES)
SEXES = list(words.SEXES)
# The fewest areas that are worth comparing first, when a page is opened without a choice.
AREAS_FIRST = ["ward", "locality", "practice", "small_area", "place"]


@dataclass(frozen=True)
class Choice:
    """One released combination. `area_type` is compared; `area` is the one in the sentence and the trend."""

    series: dict
    period_type: str
    age_band: str
    sex: str
    area_type: str
    area: dict
    period_start: date

    @property
    def cut(self) -> dict:
        """Return the part of the choice that every chart of the page shares, as dimensions of cells."""
        return {
            "measure": self.series["measure"],
            "category_type": self.series["category_type"],
            "category": self.series["category"],
            "period_type": self.period_type,
        }

    @property
    def people(self) -> dict:
        return {"age_band": self.age_band, "sex": self.sex}


def pick(name: str, label: str, options: list[str], shown: dict[str, str], first: str, inside) -> str:
    """Offer the options in a box and return the chosen one; the address bar holds all but first choices.

    A value in the address that was not released is set aside for the first choice. One option is no choice.
    """
    asked = st.query_params.get(name)
    chosen = asked if asked in options else first
    if len(options) == 1:
        return options[0]
    key = f"choice_{name}"
    st.session_state[key] = chosen

    def remember() -> None:
        if st.session_state[key] == first:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = st.session_state[key]

    return inside.selectbox(
        label, options, format_func=lambda value: shown.get(value, value), key=key, on_change=remember
    )


def view(name: str, label: str, options: dict[str, str], first: str) -> str:
    """Offer kinds of chart side by side and return the chosen one; the address bar holds it but for the first.

    options: {value: text}.
    """
    asked = st.query_params.get(name)
    key = f"view_{name}"
    st.session_state[key] = asked if asked in options else first

    def remember() -> None:
        if st.session_state[key] == first:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = st.session_state[key]

    return st.segmented_control(
        label, list(options), format_func=options.get, key=key, on_change=remember, required=True,
        label_visibility="collapsed",
    )  # fmt: skip


def choose(release: Release, measure: dict, inside) -> Choice:
    """Draw the boxes of a measure's page in a container and return what was chosen."""
    left = release.combinations(measure["measure"])
    series_by_key = {series_key(one): one for one in release.series(measure["measure"])}

    key = pick(
        "show",
        "Show",
        list(series_by_key),
        {k: s["label"] for k, s in series_by_key.items()},
        next((k for k, s in series_by_key.items() if s["headline"]), next(iter(series_by_key))),
        inside,
    )
    series = series_by_key[key]
    left = [row for row in left if series_key(row) == key and not row["by_deprivation"]]

    def narrow(name: str, column: str, label: str, order, shown: dict, first: list[str]) -> str:
        nonlocal left
        options = sorted({row[column] for row in left}, key=order)
        wanted = next((value for value in first if value in options), options[0])
        value = pick(name, label, options, shown, wanted, inside)
        left = [row for row in left if row[column] == value]
        return value

    period_type = narrow(
        "every", "period_type", "How often", _position(PERIOD_TYPES), words.PERIOD_TYPES, PERIOD_TYPES
    )
    ages = {row["age_band"] for row in left}
    age_band = narrow("age", "age_band", "Age", age_order, {band: words.age(band) for band in ages}, ["all"])
    sex = narrow("sex", "sex", "Sex", _position(SEXES), words.SEXES, ["all"])
    area_type = narrow(
        "compare", "area_type", "Compare", _position(list(words.AREA_TYPES)), words.AREA_TYPES, AREAS_FIRST
    )

    cut = {
        "measure": measure["measure"],
        "category_type": series["category_type"],
        "category": series["category"],
        "period_type": period_type,
        "age_band": age_band,
        "sex": sex,
        "deprivation_quintile": "all",
    }
    place = release.facts["place_code"]
    cells = release.cells(**cut, area_type=["place", area_type])
    codes = sorted(
        {cell["area_code"] for cell in cells if cell["area_code"] in release.areas},
        key=lambda code: (code != place, release.areas[code]["area_name"]),
    )
    area = pick(
        "area", "Area", codes, {code: release.areas[code]["area_name"] for code in codes}, codes[0], inside
    )

    starts = {str(cell["period_start"]): cell for cell in cells if cell["area_type"] == area_type}
    known = [
        start
        for start in sorted(starts)
        if any(words.has_number(cell) for cell in cells if str(cell["period_start"]) == start)
    ]
    start = pick(
        "period",
        "Period",
        sorted(starts, reverse=True),
        {start: words.period(period_type, cell["period_start"]) for start, cell in starts.items()},
        (known or sorted(starts))[-1],
        inside,
    )
    return Choice(
        series, period_type, age_band, sex, area_type, release.areas[area], date.fromisoformat(start)
    )


def series_key(row: dict) -> str:
    return f"{row['category_type']}-{row['category']}".replace(" ", "-")


def _position(order: list[str]):
    return lambda value: (order.index(value) if value in order else len(order), value)
