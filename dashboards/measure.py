"""The page of one measure, drawn from its catalogue entry and its released cells. The answer comes first."""

import streamlit as st

from dashboards import choices, definition, downloads, page, pathways, sentences, words
from dashboards.choices import Choice
from dashboards.release import Release
from dashboards.sections import areas, groups, over_time


def draw(release: Release, measure: dict) -> None:
    """Draw the page from top to bottom: answer, trend, pathway, areas, deprivation, ages, definition, files."""
    page.head(release, measure["title"])
    choice = choices.choose(release, measure, st.container(horizontal=True, key="filters", gap="small"))
    cells = release.cells(
        **choice.cut, **choice.people, area_type=choice.area["area_type"], area_code=choice.area["area_code"],
        deprivation_quintile="all",
    )  # fmt: skip
    place = release.facts["place_code"]
    whole = release.cells(
        **choice.cut, **choice.people, area_type="place", area_code=place, deprivation_quintile="all"
    )
    cell, before, beside = _at(cells, choice), _year_before(cells, choice), _at(whole, choice)
    names = {
        "area": choice.area["area_name"],
        "place": release.facts["place_name"],
        "polarity": measure["polarity"],
    }
    page.answer([line for line in sentences.answer(cell, before, beside, choice.series, names) if line])
    over_time.draw(choice, cells, whole, release, measure["polarity"])
    pathways.draw(release, measure, choice.area, {"period_type": choice.period_type, **choice.people})
    areas.draw(choice, release, beside)
    groups.deprivation(choice, release, beside)
    groups.ages(choice, release)
    definition.draw(release, measure)
    downloads.draw(release, measure, choice)


def _at(cells: list[dict], choice: Choice) -> dict | None:
    return next((cell for cell in cells if cell["period_start"] == choice.period_start), None)


def _year_before(cells: list[dict], choice: Choice) -> dict | None:
    earlier = words.year_before(choice.period_start)
    return next((cell for cell in cells if cell["period_start"] == earlier), None)
