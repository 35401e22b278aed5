"""Contracts of extracts, read from `expectations/contracts/<extract>.yml`: what a file may hold."""

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from breakwater.errors import Refusal
from breakwater.settings import PROJECT

CONTRACTS = PROJECT / "expectations" / "contracts"
SEEDS = PROJECT / "seeds"

# What a person key is, whatever the extract: our hash, or the token of HES, which is shorter. Nothing else, for
# a looser form would take a name and a date of birth for a token.
PERSON_KEY = "^([0-9a-f]{64}|[A-Za-z0-9]{32})$"

# Types of a contract, and what the landed column is.
SQL_TYPES = {"text": "varchar", "integer": "integer", "date": "date", "month": "date"}


@dataclass(frozen=True)
class Column:
    """One column: `name` in the warehouse, `file` in the extract (case does not matter there)."""

    name: str
    file: str
    type: str
    required: bool = False
    key: bool = False
    person_key: bool = False
    codes: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    absent_from: tuple[str, ...] = ()
    in_layout: tuple[
        tuple[str, dict], ...
    ] = ()  # layouts in which it is written in another way: file, codes, pattern
    open_ended: bool = False  # a date that may lie any time ahead
    made_from: tuple[str, str] | None = None  # identifying column, and how it is transformed

    @property
    def of_birth(self) -> bool:
        """Whether the column holds a month or year of birth, where a full date must never stand."""
        return self.made_from is not None and self.made_from[1].startswith("birth")

    def as_in(self, layout: str) -> "Column":
        """Return the column as a layout writes it: its name in the file, and which values it may hold."""
        return replace(self, **dict(self.in_layout).get(layout, {}))


@dataclass(frozen=True)
class Rule:
    """A rule over whole rows: SQL that is true for a bad row, and the reason in words."""

    column: str
    reason: str
    fails_when: str


@dataclass(frozen=True)
class Excuse:
    """A column (lower case), a kind of identity, and the form in which its values look like one by chance."""

    column: str
    kind: str
    form: str


@dataclass(frozen=True)
class Contract:
    """What files of one extract may hold."""

    extract: str
    bad_row_share: float
    # `file`: a key occurs once in a file, and of several files the latest says what holds; `store`: once in all files
    key_scope: str
    layouts: dict[str, dict]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    dropped: tuple[str, ...]
    null_dates: tuple[str, ...] = ()  # days that stand for no date

    def columns_of(self, layout: str) -> tuple[Column, ...]:
        """Return the columns that a file of this layout has, as it writes them."""
        return tuple(column.as_in(layout) for column in self.columns if layout not in column.absent_from)

    def keeps_to_contract(self, layout: str) -> bool:
        """Whether a column that the contract does not name refuses the file."""
        return self.layouts[layout].get("other_columns") != "ignore"

    def excuses_of(self, layout: str) -> list[Excuse]:
        """Return what looks like an identity by chance in files of this layout."""
        told = self.layouts[layout].get("excused", ())
        return [Excuse(each["column"].lower(), each["kind"], each["form"]) for each in told]

    @property
    def key(self) -> Column:
        return next(column for column in self.columns if column.key)

    @property
    def person_key(self) -> str:
        """Name of the column of person keys."""
        return next(column.name for column in self.columns if column.person_key)

    @property
    def identifying(self) -> frozenset[str]:
        """Names, in lower case, of the columns of the identifiable form that must never arrive."""
        made_from = {column.made_from[0] for column in self.columns if column.made_from}
        return frozenset(name.lower() for name in made_from.union(self.dropped))


@cache
def contracts() -> dict[str, Contract]:
    """Return all contracts by extract, in order of name."""
    return {path.stem: load_contract(path) for path in sorted(CONTRACTS.glob("*.yml"))}


def contract_for(extract: str, layout: str, file_name: str) -> Contract:
    """Return the contract of an extract, or raise Refusal when extract or layout is not known."""
    contract = contracts().get(extract)
    if contract is None:
        raise Refusal(f"{file_name}: no contract for extract '{extract}'; known: {', '.join(contracts())}")
    if layout not in contract.layouts:
        known = ", ".join(contract.layouts)
        raise Refusal(f"{file_name}: {extract} has no layout '{layout}'; known: {known}")
    return contract


def load_contract(path: Path) -> Contract:
    """Read one contract file."""
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Contract(
        extract=text["extract"],
        bad_row_share=text["bad_row_share"],
        key_scope=text.get("key_scope", "file"),
        layouts=text["layouts"],
        columns=tuple(_column(entry) for entry in text["columns"]),
        rules=tuple(Rule(**rule) for rule in text["rules"]),
        dropped=tuple(text.get("dropped", ())),
        null_dates=tuple(text.get("null_dates", ())),
    )


def _column(entry: dict) -> Column:
    made_from = entry.get("made_from")
    if entry.get("person_key"):
        entry = entry | {"pattern": PERSON_KEY}
    codes = _seed_codes(**entry["codes_from"]) if "codes_from" in entry else entry.get("codes", ())
    return Column(
        name=entry["name"],
        file=entry.get("file", entry["name"]),
        type=entry["type"],
        codes=tuple(codes),
        absent_from=tuple(entry.get("absent_from", ())),
        in_layout=tuple(
            (layout, {name: tuple(said) if name == "codes" else said for name, said in told.items()})
            for layout, told in entry.get("in_layout", {}).items()
        ),
        made_from=(made_from["column"], made_from["by"]) if made_from else None,
        **{
            name: entry[name]
            for name in ("required", "key", "person_key", "pattern", "open_ended")
            if name in entry
        },
        **{name: entry[name] for name in ("minimum", "maximum") if name in entry},
    )


def _seed_codes(seed: str, field: str) -> list[str]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return [row["spelling"] for row in csv.DictReader(file) if row["field"] == field]
