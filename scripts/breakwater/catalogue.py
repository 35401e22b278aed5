"""The measure catalogue: one YAML entry a measure, `models/marts/<measure>.yml`, under config.meta.measure."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import yaml

from breakwater import register
from breakwater.disclosure import levels
from breakwater.errors import Refusal

KINDS = {"count", "crude_rate", "directly_standardised_rate", "proportion", "registered_rate"}
# What is divided by people of all ages, or of the ages that a measure is about.
RATES = {"crude_rate", "registered_rate"}
POLARITIES = {"higher_is_better", "lower_is_better", "neither"}
TEXTS = (
    "title", "topic", "definition", "why_it_matters", "not_for", "numerator_text", "denominator_text", "polarity",
    "framework", "framework_year", "purpose", "owner", "next_review",
)  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One line of figures of a measure: which units it counts, over which, as what, cut how.

    counts and of: values of the units model's `category`; `of` is the denominator of a proportion.
    sensitive: nobody is not shown either. contributor: column of the units model that says who contributed a unit, such
    as practice_code: a figure of which one makes up too much is withheld.
    pending: values that say "not yet known"; a period with any of them has no figures in this series.
    cuts: tuples (period level, area level, age level, sex level), expanded.
    """

    category_type: str
    category: str
    label: str
    kind: str
    unit: str
    counts: tuple[str, ...]
    of: tuple[str, ...]
    pending: tuple[str, ...]
    per: int
    value_label: str
    decimals: int
    headline: bool
    cuts: tuple[levels.Level, ...]
    sensitive: bool = False
    contributor: str | None = None


@dataclass(frozen=True)
class Framework:
    """A national name of a measure, the first and the last day on which it applied, and what was different then."""

    name: str
    valid_from: date
    valid_to: date | None
    differs: str


@dataclass(frozen=True)
class Measure:
    """A catalogue entry. `units` is the model with one row per counted unit.

    purpose: its code in the register, from which the title and the legal basis among the texts follow.
    """

    name: str
    units: str
    position: int
    purpose: str
    texts: dict[str, str]
    source_extracts: tuple[str, ...]
    age_bands: tuple[str, ...]
    series: tuple[Series, ...] = field(default=())
    frameworks: tuple[Framework, ...] = field(default=())


def load(project: Path) -> list[Measure]:
    """Return the measures of `models/marts/*.yml` in order of `position`.

    Raises Refusal on an incomplete entry, and on one that the register does not let build.
    """
    registered = register.load(project)
    measures = []
    for path in sorted((project / "models" / "marts").glob("*.yml")):
        for model in yaml.safe_load(path.read_text()).get("models") or []:
            entry = ((model.get("config") or {}).get("meta") or {}).get("measure")
            if entry is None:
                raise Refusal(
                    f"{path.name}: model {model.get('name')} has no config.meta.measure; every mart is a measure."
                )
            measures.append(_measure(path.name, model["name"], entry, registered))
    return sorted(measures, key=lambda measure: (measure.position, measure.name))


def version(measure: Measure, project: Path) -> str:
    """Return ten hex digits that change when a measure's definition does: its entry, or its own two models."""
    entry = {name: value for name, value in asdict(measure).items() if name != "position"}
    digest = hashlib.sha256(json.dumps(entry, sort_keys=True, default=str).encode())
    for path in (f"measures/{measure.units}.sql", f"marts/{measure.name}.sql"):
        digest.update((project / "models" / path).read_bytes())
    return digest.hexdigest()[:10]


def systems(measures: list[Measure], earlier: dict[str, list[Series]] | None = None) -> dict[str, dict]:
    """Return, per units model, what all measures on it need counted: one system of cells each.

    earlier: cuts that earlier releases had; they add cells to the system, whether still released or not.
    Shape: units model -> {extracts, age_bands, standardised, sets: {name: (categories, levels)}, series}.
    Raises Refusal where a measure's ages do not fit those of a standardised rate beside it.
    """
    found: dict[str, dict] = {}
    for measure in measures:
        system = found.setdefault(measure.units, {"extracts": [], "age_bands": [], "series": []})
        system["extracts"] += [name for name in measure.source_extracts if name not in system["extracts"]]
        system["age_bands"] += [band for band in measure.age_bands if band not in system["age_bands"]]
        system["series"] += measure.series
    for units, system in found.items():
        system["sets"] = levels.sets_of([*system["series"], *(earlier or {}).get(units, [])])
        system["age_bands"].sort(key=levels.FIVE_YEAR_BANDS.index)
        system["standardised"] = any(line.kind == "directly_standardised_rate" for line in system["series"])
    for measure in measures:
        # the weights of the rates are those of the ages of all that is counted with them
        if found[measure.units]["standardised"] and len(measure.age_bands) < len(
            found[measure.units]["age_bands"]
        ):
            raise Refusal(
                f"measure {measure.name} has other age_bands than the rest on {measure.units}, of which a rate is "
                "standardised; give it a units model of its own."
            )
    return found


def as_vars(measures: list[Measure], earlier: dict[str, list[Series]] | None = None) -> dict:
    """Return what the dbt macros need of the catalogue, as plain lists and strings: vars `systems` and `measures`."""
    return {
        "systems": {
            units: {
                "extracts": system["extracts"],
                "age_bands": system["age_bands"],
                "standardised": system["standardised"],
                "sets": [
                    {
                        "name": name,
                        "categories": sorted(categories),
                        "levels": sorted(map(list, closure)),
                        "one_row_a_person": _counts_people(categories, system["series"]),
                        "contributor": _contributor(categories, system["series"]),
                    }
                    for name, (categories, closure) in system["sets"].items()
                ],
            }
            for units, system in systems(measures, earlier).items()
        },
        "measures": {
            measure.name: {
                "units": measure.units,
                # of these ages alone where they are not all: what `all` is out of
                "age_bands": [] if measure.age_bands == levels.FIVE_YEAR_BANDS else list(measure.age_bands),
                "series": [
                    {
                        "category_type": series.category_type,
                        "category": series.category,
                        "kind": series.kind,
                        "per": series.per,
                        "counts": levels.set_name(series.counts),
                        "of": levels.set_name(series.of),
                        "pending": levels.set_name(series.pending),
                        "cuts": sorted(map(list, series.cuts)),
                    }
                    for series in measure.series
                ],
            }
            for measure in measures
        },
    }


def _counts_people(categories: frozenset[str], series: list[Series]) -> bool:
    """Tell whether these categories lie within a series whose unit is people, which has one row a person and period."""
    return any(line.unit == "people" and categories <= set(line.counts) for line in series)


def _contributor(categories: frozenset[str], series: list[Series]) -> str | None:
    """Return the column that says who contributed a unit, where a series of just these categories names one."""
    return next(
        (line.contributor for line in series if line.contributor and categories == set(line.counts)), None
    )


def _measure(file: str, name: str, entry: dict, registered: register.Register) -> Measure:
    where = f"{file}: measure {name}"
    for text in TEXTS:
        if not str(entry.get(text) or "").strip():
            raise Refusal(f"{where} lacks `{text}`; a measure without it does not build.")
    if "legal_basis" in entry:
        raise Refusal(f"{where}: take out legal_basis; it follows from the purpose, in {register.PURPOSES}.")
    if entry["polarity"] not in POLARITIES:
        raise Refusal(f"{where}: polarity must be one of {', '.join(sorted(POLARITIES))}.")
    if not isinstance(entry["next_review"], date):
        raise Refusal(f"{where}: next_review must be a date such as 2027-04-01.")
    for needed in ("source_extracts", "series"):
        if not entry.get(needed):
            raise Refusal(f"{where} lacks `{needed}`.")
    purpose = registered.purpose_of(where, str(entry["purpose"]), entry["source_extracts"])
    texts = {text: str(entry[text]).strip() for text in TEXTS}
    age_bands = _age_bands(where, entry)
    series = tuple(_series(where, line, bool(entry.get("sensitive", False))) for line in entry["series"])
    if age_bands != levels.FIVE_YEAR_BANDS and any(
        line.kind in RATES and cut.area == "practice" and cut.age == "all"
        for line in series
        for cut in line.cuts
    ):
        raise Refusal(
            f"{where}: a rate of some ages has no denominator in a practice, whose residents are counted at all ages."
        )
    return Measure(
        name=name,
        units=entry.get("units", f"{name}_units"),
        position=int(entry.get("position", 1000)),
        purpose=purpose.code,
        texts={**texts, "purpose": purpose.title, "legal_basis": purpose.legal_basis},
        source_extracts=tuple(entry["source_extracts"]),
        age_bands=age_bands,
        series=series,
        frameworks=tuple(_framework(where, given) for given in entry.get("frameworks") or []),
    )


def _framework(where: str, given: dict) -> Framework:
    first, last = given.get("valid_from"), given.get("valid_to")
    if not given.get("name") or not isinstance(first, date) or not isinstance(last, date | None):
        raise Refusal(
            f"{where}: each of `frameworks` has a name, valid_from and, once it has ended, valid_to; dates are such as "
            "2024-04-01."
        )
    if last is not None and last < first:
        raise Refusal(f"{where}: the framework {given['name']} ends before it begins.")
    return Framework(str(given["name"]), first, last, str(given.get("differs") or ""))


def _age_bands(where: str, entry: dict) -> tuple[str, ...]:
    bands = tuple(entry.get("age_bands") or levels.FIVE_YEAR_BANDS)
    unknown = set(bands) - set(levels.FIVE_YEAR_BANDS)
    if unknown:
        raise Refusal(f"{where}: age_bands must be five-year bands such as 65-69.")
    return bands


def _series(where: str, line: dict, sensitive: bool) -> Series:
    label = f"{where}, series {line.get('category_type')}/{line.get('category')}"
    if line.get("kind") not in KINDS:
        raise Refusal(f"{label}: kind must be one of {', '.join(sorted(KINDS))}.")
    for needed in ("category_type", "category", "label", "unit", "counts", "value_label", "cuts"):
        if not line.get(needed):
            raise Refusal(f"{label} lacks `{needed}`.")
    if (line["kind"] == "proportion") != bool(line.get("of")):
        raise Refusal(f"{label}: a proportion, and only a proportion, names its denominator under `of`.")
    if not set(line["counts"]) <= set(line.get("of") or line["counts"]):
        raise Refusal(f"{label}: `counts` must be part of `of`.")
    cuts = tuple(dict.fromkeys(cut for given in line["cuts"] for cut in levels.expand(label, given)))
    if line["kind"] == "directly_standardised_rate" and any(
        cut.age != "all" or cut.period != "year" for cut in cuts
    ):
        raise Refusal(f"{label}: a directly standardised rate is for whole years and all ages.")
    if line["kind"] == "registered_rate" and any(cut.period != "mid_year" for cut in cuts):
        raise Refusal(f"{label}: a rate of registered residents is of 30 June: period mid_year.")
    return Series(
        category_type=line["category_type"],
        category=line["category"],
        label=line["label"],
        kind=line["kind"],
        unit=line["unit"],
        counts=tuple(line["counts"]),
        of=tuple(line.get("of") or ()),
        pending=tuple(line.get("pending") or ()),
        per=int(line.get("per", 1)),
        value_label=line["value_label"],
        decimals=int(line.get("decimals", 0)),
        headline=bool(line.get("headline", False)),
        cuts=cuts,
        sensitive=sensitive,
        contributor=line.get("contributor"),
    )
