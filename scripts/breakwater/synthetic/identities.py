"""NHS numbers, names and postcodes that no one has.

NHS numbers come from 999 000 0000 to 999 999 9999, which is never issued; postcodes lie in the area ZS, which
is not used; names are dealt out at random.
"""

import numpy as np
import polars as pl

from breakwater.errors import Refusal
from breakwater.reference import seed
from breakwater.synthetic.place import Place

GIVEN = (  # noqa: SIM905
    "Amina Arthur Beatrice Callum Chidi Daisy Deepa Edith Elsie Farah Florence George Grace Harriet "
    "Harvey Iris Isaac Jasmine Joan Kofi Leo Lily Mabel Margaret Mohammed Nadia Noah Olive Oscar Patricia "
    "Peter Priya Ronald Rosa Samuel Sheila Sofia Stanley Theo Violet Wei William Yusuf Zofia"
).split()
FAMILY = (  # noqa: SIM905
    "Abbott Ahmed Baker Banerjee Barrow Begum Brooke Chapman Cole Dixon Eze Fenwick Fletcher Garner Green "
    "Hollis Hussain Ingram Jarvis Kaur Kelly Khan Lambert Lowe Marsh Mensah Nowak Okafor Osborne Patel "
    "Payne Quigley Reeve Sharma Shaw Singh Thorne Upton Vance Wallis Whitlock Wright Yates Zhang"
).split()
POSTCODES_AN_AREA = 12
_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))  # those that end an inward code


def nhs_numbers(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return distinct NHS numbers with the right check digit, shape (size,), as integers.

    Source: NHS Data Dictionary, NHS NUMBER (modulus 11, weights 10 to 2; a check of 10 is not used).
    """
    serial = rng.permutation(1_000_000)
    first = 999_000_000 + serial
    check = check_digit(first)
    valid = (first * 10 + check)[check < 10]
    if size > valid.size:
        raise Refusal(
            f"the never-issued NHS numbers are enough for {valid.size:,} people; ask for fewer --people."
        )
    return valid[:size]


def check_digit(first_nine: np.ndarray) -> np.ndarray:
    """Return the modulus 11 check digit of nine-digit numbers; 10 where the number cannot be used."""
    weighted = sum((first_nine // 10 ** (8 - n) % 10) * (10 - n) for n in range(9))
    return (11 - weighted % 11) % 11


def postcodes(place: Place) -> pl.DataFrame:
    """Return postcode, lsoa21 and lsoa11, a fixed number a small area, in order of area."""
    n = np.arange(len(place.areas) * POSTCODES_AN_AREA)
    # ZS1 1AA, ZS1 1AB ...: letters turn fastest, then the digit of the sector, then the district.
    pair, rest = n % 400, n // 400
    sector, district = rest % 9 + 1, rest // 9 + 1
    text = [
        f"ZS{d} {s}{a}{b}"
        for d, s, a, b in zip(district, sector, _LETTERS[pair // 20], _LETTERS[pair % 20], strict=True)
    ]
    # Areas outside the place were never issued: they have one code.
    before = {row["small_area_2021"]: row["small_area_2011"] for row in seed.read("small_areas_2011")}
    former = [before.get(area, area) for area in place.areas]
    return pl.DataFrame({"postcode": text, "lsoa21": np.repeat(place.areas, POSTCODES_AN_AREA),
                         "lsoa11": np.repeat(former, POSTCODES_AN_AREA)})  # fmt: skip


def named(rng: np.random.Generator, names: list[str], size: int) -> pl.Series:
    """Return `size` names drawn from the list."""
    return pl.Series(names).gather(rng.integers(0, len(names), size))
