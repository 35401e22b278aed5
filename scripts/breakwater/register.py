"""The register: what records may be used for, and on which legal basis. Two seeds, read before dbt starts."""

import csv
from dataclasses import dataclass
from pathlib import Path

from breakwater.errors import Refusal

PURPOSES, EXTRACTS = "seeds/purposes.csv", "seeds/extract_purposes.csv"


@dataclass(frozen=True)
class Purpose:
    """A purpose with the name that readers see, and the legal basis of every measure that stands on it."""

    code: str
    title: str
    legal_basis: str


@dataclass(frozen=True)
class Register:
    """purposes: code -> Purpose. extracts: extract -> purpose -> whether its rows are social care records.

    An extract whose line has no legal basis is not registered.
    """

    purposes: dict[str, Purpose]
    extracts: dict[str, dict[str, bool]]

    def purpose_of(self, measure: str, code: str, source_extracts: list[str]) -> Purpose:
        """Return the purpose of a measure; raise Refusal where the register does not let it build.

        measure: how a sentence names it, for example `residents.yml: measure residents`.
        """
        purpose = self.purposes.get(code)
        if purpose is None:
            raise Refusal(
                f"{measure} names the purpose `{code}`, which {PURPOSES} does not have; "
                f"name one of {', '.join(sorted(self.purposes))}, or register it with its legal basis."
            )
        if not purpose.legal_basis:
            raise Refusal(
                f"{measure} stands on the purpose `{code}`, which has no legal basis in {PURPOSES}; "
                "a measure without one does not build."
            )
        for extract in source_extracts:
            if code not in self.extracts.get(extract, {}):
                raise Refusal(
                    f"{measure} uses {extract} for the purpose `{code}`, for which {EXTRACTS} does not register it "
                    "with a legal basis; a measure of unregistered extracts does not build."
                )
        return purpose

    def as_vars(self) -> dict:
        """Return what the macro `permitted` needs: extract -> purpose -> whether social-care consent counts."""
        return {"register": self.extracts}


def load(project: Path) -> Register:
    """Return the register of the project; raise Refusal when it cannot be read."""
    purposes = {
        row["purpose"]: Purpose(row["purpose"], row["title"], row["legal_basis"].strip())
        for row in _rows(project, PURPOSES, ("purpose", "title", "legal_basis"))
    }
    extracts: dict[str, dict[str, bool]] = {}
    for row in _rows(project, EXTRACTS, ("extract", "purpose", "legal_basis", "social_care_consent")):
        if row["legal_basis"].strip():
            extracts.setdefault(row["extract"], {})[row["purpose"]] = row["social_care_consent"] == "true"
    return Register(purposes, extracts)


def _rows(project: Path, name: str, columns: tuple[str, ...]) -> list[dict]:
    path = project / name
    if not path.exists():
        raise Refusal(f"{name} is not there; without the register of purposes nothing builds.")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for number, row in enumerate(rows, start=2):
        if lacking := [column for column in columns if row.get(column) is None]:
            raise Refusal(f"{name}, line {number} lacks {', '.join(lacking)}; give every line all columns.")
    return rows
