"""A small place made by the command itself, and its files as text, the way a reader would see them."""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from breakwater.cli import main
from click.testing import CliRunner

PEOPLE = 3000
YEARS = 3


def synthesise(folder: Path, *arguments: str) -> str:
    """Run the command; return what it printed."""
    result = CliRunner().invoke(main, ["synthesise", "--data", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@dataclass(frozen=True)
class Made:
    """The provider's folder of one run."""

    folder: Path
    printed: str

    @cached_property
    def place(self) -> dict:
        return json.loads((self.folder / "place.json").read_text())

    @cached_property
    def ledger(self) -> dict:
        return json.loads((self.folder / "planted.json").read_text())

    def file(self, extract: str, name: str) -> list[dict[str, str]]:
        with (self.folder / extract / name).open(newline="") as file:
            return list(csv.DictReader(file))

    def rows(self, extract: str) -> list[dict[str, str]]:
        """All rows of an extract, file after file."""
        names = sorted(p.name for p in (self.folder / extract).glob("*.csv"))
        return [row for name in names for row in self.file(extract, name)]


def make(folder: Path, *arguments: str) -> Made:
    printed = synthesise(folder, "--people", str(PEOPLE), "--years", str(YEARS), *arguments)
    return Made(folder / "provider", printed)


def right_check_digit(number: str) -> bool:
    """The NHS Data Dictionary's own words: weigh by 10 to 2, subtract the remainder by 11 from 11."""
    check = 11 - sum(int(d) * w for d, w in zip(number[:9], range(10, 1, -1), strict=True)) % 11
    return len(number) == 10 and number.isdigit() and (0 if check == 11 else check) == int(number[9])
