"""The list of measures: docs/measures.md, from the catalogue. `make dictionary` writes it anew."""

from itertools import groupby

from breakwater import catalogue
from breakwater.progress import say
from breakwater.settings import PROJECT

PAGE = PROJECT / "docs" / "measures.md"
INTRODUCTION = """# Measures

For whoever wants to know what there is. Made from the catalogue (`models/marts/*.yml`) by `make dictionary`: change
it there. The page of each measure on the dashboard says more: why it matters, what it is not for, numerator and
denominator, purpose and legal basis.

What differs from a national figure is said in the definition. What was not read at its source is marked (check).
"""


def page() -> str:
    """Return the text of the page: the measures of each topic, then the frameworks of earlier years."""
    measures = catalogue.load(PROJECT)
    parts = [INTRODUCTION]
    for topic, of_topic in groupby(
        sorted(measures, key=lambda one: [m.texts["topic"] for m in measures].index(one.texts["topic"])),
        key=lambda one: one.texts["topic"],
    ):
        parts.append(f"\n## {topic}\n")
        parts += [_entry(one) for one in of_topic]
    named = [(one, framework) for one in measures for framework in one.frameworks]
    if named:
        parts.append(
            "\n## Frameworks and years\n\nNumbers changed with the handbook of 2023/24 (check the days)."
            "\n\n| measure | framework | from | to | what was different |\n|---|---|---|---|---|"
        )
        parts += [
            f"| {one.texts['title']} | {framework.name} | {framework.valid_from} | {framework.valid_to or ''} "
            f"| {framework.differs} |"
            for one, framework in named
        ]
    return "\n".join(parts) + "\n"


def _entry(one: catalogue.Measure) -> str:
    figures = "; ".join(line.label for line in one.series[:6])
    more = f"; and {len(one.series) - 6} more" if len(one.series) > 6 else ""
    return (
        f"### {one.texts['title']}\n\n{one.texts['definition']}\n\n"
        f"- figures: {figures}{more}\n"
        f"- framework: {one.texts['framework']} ({one.texts['framework_year']})\n"
        f"- records: {', '.join(one.source_extracts)}; units: `{one.units}`; table: `{one.name}`\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    say("measures", f"{PAGE.relative_to(PROJECT)} written")
