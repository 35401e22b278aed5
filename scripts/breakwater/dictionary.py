"""The data dictionary: docs/data-dictionary.md, from the contracts. `make dictionary` writes it anew."""

import yaml

from breakwater.gate.contract import CONTRACTS
from breakwater.progress import say
from breakwater.settings import PROJECT

PAGE = PROJECT / "docs" / "data-dictionary.md"
ORDER = ("gp_registrations", "gp_conditions", "apc_episodes", "emergency_care", "outpatients", "community_contacts",
         "mental_health", "social_care_events", "deaths", "permissions")  # fmt: skip
INTRODUCTION = """# Data dictionary

For whoever prepares or reads an extract. Generated from `expectations/contracts` by `make dictionary`: change it
there. What becomes of rows that break a contract is in [the gate](gate.md), what `identifying` columns become in
[pseudonyms](pseudonyms.md).

- **Column** is the name in the warehouse; *field* is the name in the file, where it is another (case does not matter).
- A column in bold is the key. `!` says that it must be filled, `←` from which identifying field it is made.
- A field `in` a layout has that name there, and other codes where some are named. It is empty in a layout it is not in.
- Codes are those of the contract, or of a seed where one is named. Dates are `YYYY-MM-DD` or `YYYYMMDD`; days that
  cannot be are faults in every extract ([which](gate.md)).
"""
# What a key that stands in files of two periods means: see docs/gate.md, Corrections.
SCOPES = {
    "store": "Each happens once: in one file of all.",
    "file": "What lasts: files of later periods say it anew.",
}


def page() -> str:
    """Return the text of the page: one table an extract."""
    found = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONTRACTS.glob("*.yml")}
    names = [name for name in ORDER if name in found] + sorted(set(found) - set(ORDER))
    contents = "\n".join(f"- [{name}](#{name}): {found[name]['description']}" for name in names)
    return "\n".join([INTRODUCTION, contents, *(_extract(found[name]) for name in names)]) + "\n"


def _extract(contract: dict) -> str:
    layouts = [f"- `{name}`: {_line(told['description'])}" for name, told in contract["layouts"].items()]
    rows = [_column(column) for column in contract["columns"]]
    dropped = contract.get("dropped")
    left = [f"\nDropped, never hashed: {', '.join(f'`{name}`' for name in dropped)}."] if dropped else []
    return "\n".join([
        f"\n## {contract['extract']}\n",
        f"{_line(contract['description'])} Source: {_line(contract['source'])}."
        f" {SCOPES[contract.get('key_scope', 'file')]}\n",
        *layouts, "", "| column | field | type | what |", "|---|---|---|---|", *rows, *left,
    ])  # fmt: skip


def _column(column: dict) -> str:
    name = f"**{column['name']}**" if column.get("key") else column["name"]
    field = column.get("file", "")
    if made_from := column.get("made_from"):
        field = f"{field} ← {made_from['column']}".strip()
    if absent := column.get("absent_from"):
        field += f" (not in {', '.join(absent)})"
    for layout, told in column.get("in_layout", {}).items():
        field += f"; {told['file']} in {layout}" if "file" in told else ""
    kind = column["type"] + (" !" if column.get("required") else "")
    return f"| {name} | {field.strip()} | {kind} | {_what(column)} |"


def _what(column: dict) -> str:
    said = _line(column["description"])
    if codes := column.get("codes_from"):
        said += f" Codes: `seeds/{codes['seed']}.csv`, {codes['field']}."
    elif codes := column.get("codes"):
        shown = ", ".join(codes) if len(codes) <= 10 else f"{', '.join(codes[:9])} and so on"
        said += f" {len(codes)} codes: {shown}."
    for layout, told in column.get("in_layout", {}).items():
        if codes := told.get("codes"):
            said += f" In {layout}: {', '.join(codes)}."
    return said.replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(str(text).split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    say("dictionary", f"{PAGE.relative_to(PROJECT)} written")
