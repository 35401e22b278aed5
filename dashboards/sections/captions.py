"""How charts and tables of a measure's page are headed."""

from dashboards import tables, words
from dashboards.choices import Choice


def named(series: dict) -> str:
    """Return a series with its unit, to head a chart; a count needs none."""
    unit = series["value_label"] if series["kind"] != "count" else None
    return f"{series['label']} ({unit})" if unit else series["label"]


def people(choice: Choice) -> str:
    said = words.group(choice.age_band, choice.sex)
    return f", {said}" if said else ""


def when(choice: Choice) -> str:
    return words.period(choice.period_type, choice.period_start)


def same(what: str, cells: list[dict]) -> str:
    """Return the caption of a table beside its chart: of what it has the same figures, and the shorthand."""
    explained = tables.shorthand(cells)
    return f"{what}: the same figures. {explained}." if explained else f"{what}: the same figures"
