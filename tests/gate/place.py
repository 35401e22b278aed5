"""A tiny place, made in code: identifiable files of three extracts, with NHS numbers of the unused range."""

import csv
import json
from pathlib import Path

KEY_ID, KEY = "test-1", bytes(range(32))
PERIOD = ("2025-04-01", "2026-03-31")
PEOPLE = 40


def nhs_number(index: int) -> str:
    """Return the index-th number from 999 000 0000 on whose check digit is right."""
    found = -1
    for first_nine in range(999_000_000, 1_000_000_000):
        remainder = (
            sum(weight * int(d) for weight, d in zip(range(10, 1, -1), str(first_nine), strict=True)) % 11
        )
        if remainder != 1:  # 1 would need the check digit 10
            found += 1
            if found == index:
                return f"{first_nine}{(11 - remainder) % 11}"
    raise AssertionError


NUMBERS = [nhs_number(index) for index in range(PEOPLE)]


def postcode(index: int) -> str:
    return f"ZS{index % 9 + 1} {index % 7 + 1}AA"


def small_area(index: int) -> str:
    return f"E010158{index % 9 + 10}"


def registrations() -> list[dict]:
    return [
        {
            "registration_id": f"G{index:06d}",
            "nhs_number": f"{number[:3]} {number[3:6]} {number[6:]}" if index % 2 else number,
            "given_name": "Ada",
            "family_name": "Planted",
            "date_of_birth": f"19{50 + index}-03-{index % 28 + 1:02d}",
            "postcode": postcode(index).lower() if index % 3 else postcode(index).replace(" ", ""),
            "sex": "12"[index % 2],
            "ethnic_group": "A",
            "practice_code": "F81001",
            "registered_from": "2012-05-01",
            "registered_to": "",
        }
        for index, number in enumerate(NUMBERS)
    ]


def episodes() -> list[dict]:
    return [
        {
            "FYEAR": "2526",
            "EPIKEY": f"{500_000_000_000 + index}",
            "NEWNHSNO": number,
            "DOB": f"{index % 28 + 1:02d}03{1950 + index}",
            "HOMEADD": postcode(index),
            "ADMIDATE": "2025-06-01",
            "ADMIMETH": "21",
            "ADMISORC": "19",
            "CLASSPAT": "1",
            "DISDATE": "2025-06-05",
            "DISDEST": "19",
            "DISMETH": "1",
            "EPIORDER": "1",
            "EPISTART": "2025-06-01",
            "EPIEND": "2025-06-05",
            "EPISTAT": "3",
            "EPITYPE": "1",
            "SPELBGIN": "2",
            "SPELEND": "Y",
            "STARTAGE": str(75 - index),
            "SEX": "12"[index % 2],
            "ETHNOS": "A",
            "GPPRAC": "F81001",
            "PROCODE3": "RAJ",
            "MAINSPEF": "300",
            "TRETSPEF": "300",
            **{f"DIAG_4_0{place}": "I10X" if place == 1 else "" for place in range(1, 7)},
            "OPERTN_4_01": "-",
            "DISREADYDATE": "2025-06-04",
        }
        for index, number in enumerate(NUMBERS)
    ]


def permissions() -> list[dict]:
    people = [
        {"nhs_number": number, "practice_code": "", "permission_type": "type_1_opt_out", "state": "out"}
        for number in NUMBERS[:5]
    ]
    practice = {
        "nhs_number": "",
        "practice_code": "F81001",
        "permission_type": "practice_participation",
        "state": "in",
    }
    return [
        {"permission_id": f"P{index:05d}", **row, "from_date": "2020-01-01", "to_date": ""}
        for index, row in enumerate([*people, practice])
    ]


LAYOUTS = {
    "gp_registrations": ("gp_registrations/1", registrations),
    "apc_episodes": ("hes_apc/2021", episodes),
    "permissions": ("permissions/1", permissions),
}


def write_csv(path: Path, rows: list[dict]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_provider(folder: Path) -> None:
    """Write the provider's side: identifiable files with their .json, the key and the postcode lookup."""
    for extract, (layout, make) in LAYOUTS.items():
        path = write_csv(folder / extract / f"{extract}_{PERIOD[0]}_{PERIOD[1]}.csv", make())
        told = {"extract": extract, "layout": layout, "period_start": PERIOD[0], "period_end": PERIOD[1]}
        path.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "pseudonym.key").write_text(f"id: {KEY_ID}\nkey: {KEY.hex()}\n", encoding="utf-8")
    areas = {postcode(index): small_area(index) for index in range(PEOPLE)}
    write_csv(folder / "postcodes.csv", [{"postcode": code, "lsoa21": area} for code, area in areas.items()])
