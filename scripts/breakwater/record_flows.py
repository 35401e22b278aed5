"""The way of the records, as tables of the release: who sends what, what is taken out first, what it is used for.

Made from the contracts and the register alone: no row of any person is read.
"""

import csv
from pathlib import Path

import polars as pl
import yaml

from breakwater.register import EXTRACTS, PURPOSES

CONTRACTS = Path("expectations") / "contracts"
# What `made_from` of a contract takes out, and what it leaves.
TAKEN = {
    "person_key": ("NHS number", "a code"),
    "birth_month": ("date of birth", "month of birth"),
    "birth_month_mmyyyy": ("date of birth", "month of birth"),
    "birth_month_number": ("date of birth", "month of birth"),
    "birth_year": ("date of birth", "month of birth"),
    "small_area": ("postcode", "small area"),
    "small_area_2011": ("postcode", "small area"),
}
CHOICES = {
    "practice_participation": "the practice takes part",
    "type_1_opt_out": "opt-out at the practice (type 1)",
    "national_data_opt_out": "national data opt-out",
}


def sources(project: Path) -> list[dict]:
    """Return one row an extract, in the order of the contracts' names.

    extract, title (what it is), source (standard it follows), sender (who it comes from), identifiers (taken out or
    turned into a code by the sender), kept (what is left about a person).
    Raises KeyError where a contract turns an identity into something that has no words here.
    """
    rows = []
    for position, path in enumerate(sorted((project / CONTRACTS).glob("*.yml"))):
        contract = yaml.safe_load(path.read_text())
        made = [TAKEN[column["made_from"]["by"]] for column in contract["columns"] if "made_from" in column]
        taken = [before for before, _ in made] + [
            name.replace("_", " ").lower() for name in contract.get("dropped") or []
        ]
        rows.append({
            "extract": contract["extract"],
            "title": contract["description"].split(" - ")[0].rstrip("."),
            "source": contract["source"],
            "sender": contract["source"].split(",")[0].split(";")[0],
            "identifiers": ", ".join(dict.fromkeys(taken)),
            "kept": ", ".join(dict.fromkeys(after for _, after in made)),
            "position": position,
        })  # fmt: skip
    return rows


def flows(project: Path, used: set[str]) -> list[dict]:
    """Return one row an extract and purpose of the register; used: the purposes of measures that are released."""
    purposes = {row["purpose"]: row for row in _rows(project / PURPOSES)}
    found = []
    for position, row in enumerate(_rows(project / EXTRACTS)):
        purpose = purposes[row["purpose"]]
        choices = [text for name, text in CHOICES.items() if purpose[name] == "true"]
        # The register names them where records of social care are used, the purpose says what consent is needed.
        if row["social_care_consent"] == "true":
            choices.append({"given": "social care consent given", "not refused": "social care consent not refused"}
                           .get(purpose["social_care_consent"], ""))  # fmt: skip
        found.append({
            "extract": row["extract"],
            "purpose": row["purpose"],
            "purpose_title": purpose["title"],
            "purpose_basis": purpose["legal_basis"],
            "legal_basis": row["legal_basis"],
            "choices": ", ".join(filter(None, choices)) or "none: counts only",
            "released": row["purpose"] in used,
            "position": position,
        })  # fmt: skip
    return found


def tables(project: Path, measures) -> dict[str, list[dict]]:
    """Return the rows of the release's tables `sources` and `flows`; measures: of the catalogue."""
    return {"sources": sources(project), "flows": flows(project, {measure.purpose for measure in measures})}


def write(source, project: Path, measures) -> None:
    """Write both tables into the attached `release_file`."""
    for table, rows in tables(project, measures).items():
        source.register("content", pl.DataFrame(rows).to_arrow())
        source.execute(f"create table release_file.{table} as select * from content order by position")
        source.unregister("content")


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
