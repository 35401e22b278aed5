"""Identities of many kinds, made by chance from a seed: what the gate must refuse, in every spelling we know.

Numbers are of the range that is never issued, or Scotland's form of a day that has not come yet.
"""

import random
import re
from collections.abc import Callable, Iterator

from breakwater.gate.contract import Column

from tests.gate.place import NUMBERS

GIVEN = re.findall(
    r"\S+",
    "Ada Grace Zoë Siobhán Olu Priya Wei Mohammed Jean-Luc Aoife Kwame Agnieszka Björn Chidi Dilys Ewan",
)
FAMILY = re.findall(
    r"\S+",
    "Planted Sutcliffe O'Brien D’Arcy Smith-Jones Nowak Okonkwo Patel Nguyen MacDonald Ó'Súilleabháin García "
    "Featherstonehaugh Abdullahi Ramaswamy Thistlethwaite",
)
STREETS = ["Marine Parade", "Hamlet Court", "Leigh Broadway", "Eastern Esplanade", "Chalkwell Avenue"]


def scottish(rng: random.Random) -> str:
    """Return a valid ten-digit number that begins with a day and a month, as Scotland's do, of the year 99."""
    while True:
        nine = f"0{rng.randint(1, 9)}{rng.randint(1, 12):02d}99{rng.randint(0, 999):03d}"
        check = 11 - sum(w * int(d) for w, d in zip(range(10, 1, -1), nine, strict=True)) % 11
        if check != 10:
            return nine + str(check % 11)


def number(rng: random.Random) -> str:
    return rng.choice(NUMBERS)


def apart(rng: random.Random, separator: str) -> str:
    n = number(rng)
    return separator.join([n[:3], n[3:6], n[6:]])


def day(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(1930, 2015), rng.randint(1, 12), rng.randint(1, 28)


def postcode(rng: random.Random) -> tuple[str, str]:
    return (
        f"{rng.choice(['SS', 'ZS', 'M', 'EC'])}{rng.randint(1, 9)}",
        f"{rng.randint(0, 9)}{rng.choice('ABDE')}{rng.choice('LNPQ')}",
    )


def month_name(month: int) -> str:
    names = "January February March April May June July August September October November December"
    return names.split()[month - 1]


def _anywhere(column: Column) -> bool:
    return True


def _no_date(column: Column) -> bool:
    """A day is what a date column is for; the month of a birth is searched for days apart."""
    return column.type != "date"


def _of_birth(column: Column) -> bool:
    return column.of_birth


def _no_token(column: Column) -> bool:
    """In person keys, ten digits among others come by chance."""
    return not column.person_key


def _no_key(column: Column) -> bool:
    """A bare number is what many keys are."""
    return not (column.key or column.person_key or column.type == "date")


def _one_word(column: Column) -> bool:
    """One strange word is a wrong code where codes are phrases, and digits at letters are what keys are."""
    return not any(re.search("[a-z]{3}", code) for code in column.codes)


# kind: (where it is planted, how it is written)
KINDS: dict[str, tuple[Callable[[Column], bool], Callable[[random.Random], str]]] = {
    "NHS number": (_anywhere, number),
    "NHS number, spaced": (_anywhere, lambda r: apart(r, " ")),
    "NHS number, dashed": (_anywhere, lambda r: apart(r, "-")),
    "NHS number, dotted": (_anywhere, lambda r: apart(r, ".")),
    "NHS number, no-break spaces": (_anywhere, lambda r: apart(r, "\u00a0")),
    "NHS number, thousands": (_no_token, lambda r: f"{int(number(r)):,}"),
    "NHS number, fullwidth": (_anywhere, lambda r: number(r).translate({48 + n: 0xFF10 + n for n in range(10)})),
    "NHS number, as a decimal": (_anywhere, lambda r: number(r) + ".0"),
    "NHS number, as a float": (_anywhere, lambda r: f"{int(number(r)):.9E}"),
    "NHS number, padded": (_anywhere, lambda r: number(r).zfill(r.randint(13, 18))),
    "NHS number, zero lost": (_no_key, lambda r: scottish(r)[1:]),
    "NHS number, in text": (_no_token, lambda r: f"seen {number(r)} on ward"),
    "NHS number, glued": (_no_token, lambda r: f"NHS{number(r)}"),
    "postcode": (_anywhere, lambda r: " ".join(postcode(r))),
    "postcode, lower case": (_no_token, lambda r: "".join(postcode(r)).lower()),
    "postcode, in text": (_anywhere, lambda r: f"at {' '.join(postcode(r))} now"),
    "date of birth": (_no_date, lambda r: "{}-{:02d}-{:02d}".format(*day(r))),
    "date of birth, British": (_no_date, lambda r: "{2:02d}/{1:02d}/{0}".format(*day(r))),
    "date of birth, dotted": (_no_date, lambda r: "{2}.{1}.{0}".format(*day(r))),
    "date of birth, in words": (_no_date, lambda r: (lambda d: f"{d[2]} {month_name(d[1])} {d[0]}")(day(r))),
    "date of birth, American": (_no_date, lambda r: (lambda d: f"{month_name(d[1])} {d[2]}, {d[0]}")(day(r))),
    "date of birth, SAS": (_no_date, lambda r: (lambda d: f"{d[2]:02d}{month_name(d[1])[:3].upper()}{d[0]}")(day(r))),
    "date of birth, compact": (_no_key, lambda r: "{}{:02d}{:02d}".format(*day(r))),
    "date of birth, spreadsheet": (_of_birth, lambda r: str(r.randint(11_000, 40_000))),
    "date of birth, time": (_no_date, lambda r: "{}-{:02d}-{:02d} 00:00:00".format(*day(r))),
    "name": (_anywhere, lambda r: f"{r.choice(GIVEN)} {r.choice(FAMILY)}"),
    "name, lower case": (_anywhere, lambda r: f"{r.choice(GIVEN)} {r.choice(FAMILY)}".lower()),
    "name, capitals": (_anywhere, lambda r: f"{r.choice(FAMILY)}, {r.choice(GIVEN)}".upper()),
    "name, family only": (_one_word, lambda r: r.choice(FAMILY)),
    "name, given only, lower case": (_one_word, lambda r: r.choice(GIVEN).lower()),
    "name, titled": (_anywhere, lambda r: f"Mrs {r.choice(FAMILY)}"),
    "name and year": (_one_word, lambda r: f"{r.choice(FAMILY).strip()} {r.randint(1930, 2010)}"),
    "address": (_anywhere, lambda r: f"{r.randint(1, 200)} {r.choice(STREETS)}"),
    "free text": (_anywhere, lambda r: f"{r.choice(['fell', 'slid'])} at home by the {r.choice(['stairs', 'bath'])}"),
    "e-mail": (_anywhere, lambda r: f"{r.choice(GIVEN)}.{r.randint(1, 99)}@example.org".lower()),
    "e-mail, spelt": (_anywhere, lambda r: f"{r.choice(GIVEN)}{r.randint(1, 99)} [at] example.org"),
    "telephone, mobile": (_no_token, lambda r: f"07700 900{r.randint(0, 999):03d}"),
    "telephone, bare": (_no_token, lambda r: f"07700900{r.randint(0, 999):03d}"),
    "telephone, zero lost": (_no_key, lambda r: f"7700900{r.randint(0, 999):03d}"),
    "telephone, landline": (_no_token, lambda r: f"(01632) 960{r.randint(0, 999):03d}"),
    "telephone, abroad": (_no_token, lambda r: f"+44 20 7946 0{r.randint(0, 999):03d}"),
    "insurance number": (_anywhere, lambda r: f"AB {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)} C"),
    "coordinates": (_anywhere, lambda r: f"51.5{r.randint(1000, 9999)}, 0.7{r.randint(1000, 9999)}"),
}  # fmt: skip


def identities(columns: tuple[Column, ...], rng: random.Random) -> Iterator[tuple[str, Column, str]]:
    """Yield (kind, column, value) without end, kinds in turn, values never twice in a column."""
    seen = set()
    while True:
        for kind, (may_stand, write) in KINDS.items():
            column = rng.choice([column for column in columns if may_stand(column)] or [None])
            value = write(rng)
            if column is not None and (column.name, value) not in seen:
                seen.add((column.name, value))
                yield kind, column, value
