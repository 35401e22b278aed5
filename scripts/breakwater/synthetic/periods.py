"""Days and financial years. A day is the number of days since 1970-01-01, as an integer."""

from dataclasses import dataclass
from datetime import date, timedelta

DATA_END = date(2026, 9, 30)
FAR = 1_000_000  # a day that does not come: no death, no end
YEAR = 365.25
_EPOCH = date(1970, 1, 1)


def day(value: date) -> int:
    """Return the day number of a date."""
    return (value - _EPOCH).days


def iso(number: int) -> str:
    """Return the ISO date of a day number."""
    return (_EPOCH + timedelta(days=int(number))).isoformat()


@dataclass(frozen=True)
class Period:
    """A financial year, or the part of it that has passed; both days belong to it."""

    first: int
    last: int
    label: str  # as HES writes it: 2122

    @property
    def length(self) -> float:
        """Length in years."""
        return (self.last + 1 - self.first) / YEAR


def lived(years: int) -> list[Period]:
    """Return `years` whole financial years up to the last that has ended, then the present one to its end.

    Life goes on after the data end: some who die next month are in hospital this month.
    """
    return [
        Period(
            day(date(start, 4, 1)), day(date(start + 1, 3, 31)), f"{start % 100:02d}{(start + 1) % 100:02d}"
        )
        for start in range(DATA_END.year - years, DATA_END.year + 1)
    ]


def reported(years: int) -> list[Period]:
    """Return the same periods as the files cover them: the last one ends with the data."""
    return [Period(p.first, min(p.last, day(DATA_END)), p.label) for p in lived(years)]
