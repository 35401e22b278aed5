"""Build the practices seed: open general practices and their list size, from ODS and list-size files."""

import re
from pathlib import Path

from breakwater.reference import files, seed

COLUMNS = ("practice_code", "practice_name", "list_size", "list_date")
OPEN = "A"  # epraccur status: A active, C closed, D dormant
LONG = {"Ptnr": "Partner", "Hc": "Health Centre", "Blvd": "Boulevard", "Drs.": "Drs"}


def tidy(name: str) -> str:
    """Return an ODS name, which is all capitals and abbreviated, as it would be written on a door."""
    words = re.sub(r"\s+", " ", name.strip()).split(" ")
    words = [w if w == "&" else w[:1].upper() + w[1:].lower() for w in words]
    return " ".join(LONG.get(word, word) for word in words)


def latest_list(columns: list[str]) -> tuple[str, str]:
    """Return the latest `list_size_<year>_<month>` column and its date, the first of that month."""
    column = max(c for c in columns if re.fullmatch(r"list_size_\d{4}_\d{2}", c))
    return column, column.removeprefix("list_size_").replace("_", "-") + "-01"


def rows(folder: Path) -> seed.Rows:
    """Return one row a practice that is open; list_size is None where none is published for it."""
    practices = files.table(folder, "practice_code", "practice_name", "status_code")
    size, date = latest_list(list(practices[0]))
    return [
        {
            "practice_code": p["practice_code"],
            "practice_name": tidy(p["practice_name"]),
            "list_size": p[size] or None,
            "list_date": date,
        }
        for p in sorted(practices, key=lambda p: p["practice_code"])
        if p["status_code"] == OPEN
    ]


def build(folder: Path) -> str:
    """Return the text of seeds/practices.csv."""
    return seed.text(COLUMNS, rows(folder))


if __name__ == "__main__":
    seed.rebuild("practices", build)()
