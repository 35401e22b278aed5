"""The files of the provider, with or without dirt, and the ledger of what the gate should do with each."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from breakwater.synthetic import dirt
from breakwater.synthetic.periods import Period, iso


@dataclass
class Provider:
    """Writes files below a folder and keeps the ledger; `planted` and `files` become planted.json."""

    folder: Path
    rng: np.random.Generator
    dirty: bool
    files: list[dict] = field(default_factory=list)
    planted: list[dict] = field(default_factory=list)
    serial: dict[str, int] = field(default_factory=dict)

    def offer(self, extract: str, layout: str, span: Period, frame: pl.DataFrame) -> None:
        """Write the file of a period; dirt goes into it if it is asked for."""
        ledger, offered = [], frame
        if self.dirty:
            last = date.fromisoformat(iso(span.last))
            done = self.serial.get(extract, 0)
            offered, ledger = dirt.spoil(extract, frame, last, done, self.rng)
            self.serial[extract] = done + offered.height - frame.height
        name = self.write(extract, layout, span, offered)
        for kind, column, count in ledger:
            self._plant(extract, name, kind, "quarantined", count, column)
        self._account(
            extract, name, layout, span, "landed", offered.height, quarantined=offered.height - frame.height
        )

    def offer_late(self, extract: str, layout: str, span: Period, frame: pl.DataFrame) -> None:
        """Write records of an earlier period that come in a file of their own."""
        name = self.write(extract, layout, span, frame)
        self._plant(extract, name, "late file", "landed", frame.height)
        self._account(extract, name, layout, span, "landed", frame.height)

    def offer_again(self, extract: str, layout: str, span: Period, frame: pl.DataFrame) -> None:
        """Write a period twice: first with one row in twelve left out, then whole as `_v2`."""
        part = frame[np.sort(self.rng.permutation(frame.height)[frame.height // 12 :])]
        name = self.write(extract, layout, span, part)
        self._plant(extract, name, "re-supplied period", "replaced", part.height)
        self._account(extract, name, layout, span, "replaced", part.height)
        name = self.write(extract, layout, span, frame, "_v2")
        self._account(extract, name, layout, span, "landed", frame.height)

    def offer_copy(self, extract: str, layout: str, span: Period) -> None:
        """Write the file of a period once more under another name."""
        path = self._path(extract, span, "")
        copy = self._path(extract, span, "_copy")
        for end in (".csv", ".json"):
            copy.with_suffix(end).write_bytes(path.with_suffix(end).read_bytes())
        rows = next(f["offered"] for f in self.files if f["file"] == path.name)
        self._plant(extract, copy.name, "repeated file", "unchanged", rows)
        self._account(extract, copy.name, layout, span, "unchanged", rows)

    def offer_identity(
        self, extract: str, layout: str, span: Period, frame: pl.DataFrame, column: str, secret: str
    ):
        """Write a file with something identifying in one cell of a coded column, to be refused whole."""
        value = (
            pl.when(pl.int_range(pl.len()) == frame.height // 2)
            .then(pl.lit(secret))
            .otherwise(pl.col(column))
        )
        name = self.write(extract, layout, span, frame.with_columns(value.alias(column)))
        self._plant(extract, name, "identity in a coded column", "refused", frame.height, column)
        self._account(extract, name, layout, span, "refused", frame.height)

    def write(self, extract: str, layout: str, span: Period, frame: pl.DataFrame, suffix: str = "") -> str:
        """Write a CSV and the JSON beside it that says what it is; return the file's name."""
        path = self._path(extract, span, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        empty = pl.col(pl.String).replace("", None)
        frame.with_columns(empty).write_csv(path)
        what = {
            "extract": extract,
            "layout": layout,
            "period_start": iso(span.first),
            "period_end": iso(span.last),
        }
        path.with_suffix(".json").write_text(json.dumps(what, indent=2) + "\n", encoding="utf-8")
        return path.name

    def ledger(self) -> dict:
        """Return planted.json: totals per extract, every file with its account, every piece of dirt."""
        counts = ("offered", "accepted", "quarantined", "refused", "unchanged")
        totals: dict[str, dict[str, int]] = {}
        for file in self.files:
            total = totals.setdefault(file["extract"], dict.fromkeys(counts, 0))
            for name in counts:
                total[name] += file[name]
        return {"totals": totals, "files": self.files, "planted": self.planted}

    def _path(self, extract: str, span: Period, suffix: str) -> Path:
        return self.folder / extract / f"{extract}_{iso(span.first)}_{iso(span.last)}{suffix}.csv"

    def _plant(self, extract, file, kind, expected, count, column=None) -> None:
        entry = {"extract": extract, "file": file, "kind": kind, "expected": expected, "count": count}
        self.planted.append(entry | ({"column": column} if column else {}))

    def _account(self, extract, file, layout, span, expected, rows: int, quarantined: int = 0) -> None:
        """Note a file: rows offered are accepted, quarantined, refused or unchanged, and nothing else.

        Rows of a file that is replaced later were accepted first.
        """
        whole = expected in ("landed", "replaced")
        self.files.append({
            "extract": extract, "file": file, "layout": layout, "period_start": iso(span.first),
            "period_end": iso(span.last), "expected": expected, "offered": rows,
            "accepted": rows - quarantined if whole else 0, "quarantined": quarantined,
            "refused": rows if expected == "refused" else 0,
            "unchanged": rows if expected == "unchanged" else 0,
        })  # fmt: skip
