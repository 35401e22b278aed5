"""What is taken away: released cells, and all that is needed to use them honestly."""

from dataclasses import dataclass, field
from functools import cached_property

from dashboards import words
from dashboards.exports import tidy
from dashboards.release import Release

LICENCE = "Open Government Licence v3.0"
LICENCE_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ATTRIBUTION = f"Contains public sector information licensed under the {LICENCE}."
INVENTED = "These figures are about invented people. They must not be used for decisions."


@dataclass(frozen=True)
class Content:
    """The cells of one measure, all or a selection. where: dimension -> value or list of values."""

    release: Release
    measure: dict
    where: dict = field(default_factory=dict)

    @cached_property
    def table(self):
        """The figures as an Arrow table, one row a cell, columns as in `tidy.COLUMNS`."""
        return tidy.arranged(self.release.figures(measure=self.measure["measure"], **self.where))

    @cached_property
    def csv(self) -> bytes:
        return tidy.as_csv(self.table)

    @property
    def selection(self) -> str:
        """Return in words which part of the measure it is."""
        chosen = {
            name: value if isinstance(value, list | tuple) else [value] for name, value in self.where.items()
        }
        told = (f"{name} is {' or '.join(map(str, values))}" for name, values in chosen.items())
        return "; ".join(told) or "all released figures of the measure"

    def about(self) -> dict[str, str]:
        """Return what every file says of itself, by name: release, policy, definition, licence, checksum."""
        facts, measure = self.release.facts, self.measure
        framework = " ".join(filter(None, (measure["framework"], measure["framework_year"])))
        told = {
            "Notice": INVENTED if facts["synthetic"] else "",
            "Release": facts["release_id"],
            "Release made on": words.day(facts["made_at"]),
            "Data up to": words.day(facts["data_up_to"]),
            "Place": facts["place_name"],
            "Measure": measure["title"],
            "Measure version": measure.get("version") or "not recorded in this release",
            "Figures in this file": f"{self.table.num_rows:,}: {self.selection}",
            "Definition": measure["definition"],
            "Why it matters": measure["why_it_matters"],
            "What it is not for": measure["not_for"],
            "What is counted": measure["numerator_text"],
            "Out of": measure["denominator_text"],
            "Framework": framework,
            "Source": words.listed(measure["source_extracts"]),
            "Purpose": measure["purpose"],
            "Legal basis": measure["legal_basis"],
            "Owner": measure["owner"],
            "Disclosure control": " ".join(facts["rules"].split()),
            "Disclosure policy": ", ".join(f"{name} {value}" for name, value in facts["policy"].items()),
            "Licence": ATTRIBUTION,
            "Software": f"Breakwater {facts['software_version']}",
            "SHA-256 of these figures as CSV": tidy.digest(self.csv),
        }
        return {name: str(text) for name, text in told.items() if text}
