"""Deficits of the electronic frailty index, for people of 65 and over.

Twelve of the 36 deficits are conditions with a register, and follow from it; the others come with age and with
illness. Source of the list: Clegg et al. 2016, Age and Ageing 45:353-360; codes as in seeds/conditions.csv.
"""

from dataclasses import dataclass

import numpy as np

from breakwater.synthetic.lives import Lives
from breakwater.synthetic.periods import FAR, YEAR
from breakwater.synthetic.registers import CODES, Registers, last_seen

FROM_REGISTERS = {
    "EFI03": ("RA",), "EFI04": ("AF",), "EFI05": ("STIA",), "EFI06": ("CKD",), "EFI07": ("DM",),
    "EFI14": ("HF",), "EFI17": ("HYP",), "EFI19": ("CHD",), "EFI20": ("DEM",), "EFI22": ("OST",),
    "EFI25": ("PAD",), "EFI28": ("COPD", "AST"),
}  # fmt: skip
# Share of people of 75 in middling health who have each of the others. Arthritis and memory problems are there too:
# the registers behind them count rheumatoid arthritis and diagnosed dementia alone.
OTHERS = {
    "EFI01": 0.06, "EFI02": 0.08, "EFI03": 0.35, "EFI08": 0.12, "EFI09": 0.13, "EFI10": 0.12, "EFI11": 0.09,
    "EFI12": 0.07, "EFI13": 0.19, "EFI15": 0.05, "EFI16": 0.04, "EFI18": 0.08, "EFI20": 0.05, "EFI21": 0.11,
    "EFI23": 0.025, "EFI24": 0.06, "EFI26": 0.42, "EFI27": 0.05, "EFI29": 0.05, "EFI30": 0.10, "EFI31": 0.10,
    "EFI32": 0.10, "EFI33": 0.09, "EFI34": 0.17, "EFI35": 0.17, "EFI36": 0.04,
}  # fmt: skip
DEFICITS = tuple(sorted({*FROM_REGISTERS, *OTHERS}))
FALLS = DEFICITS.index("EFI10")
MODERATE = 9  # deficits of 36: the index is 0.24 and over
OF_AGE, MEAN_YEARS = 65, 5.0
_STRENGTH = 1.26  # brings the shares of the four categories near the published ones


@dataclass(frozen=True)
class Frailty:
    """Deficits of people who reach 65: their positions, and the first day of each; FAR for never.

    first: shape (those people, deficits in the order of DEFICITS).
    """

    person: np.ndarray
    first: np.ndarray

    def since(self, size: int, deficits: int) -> np.ndarray:
        """Return for each of `size` people the day from which they have so many deficits."""
        day = np.full(size, FAR)
        day[self.person] = np.sort(self.first, axis=1)[:, deficits - 1]
        return day


def weaken(lives: Lives, registers: Registers, rng: np.random.Generator) -> Frailty:
    """Return everyone's deficits."""
    people, seen = lives.people, last_seen(lives)
    who = np.flatnonzero((people.age(seen) >= OF_AGE) & (people.entry <= seen))
    age, seen = people.age(seen[who], who), seen[who]
    ill = np.exp(0.11 * (people.conditions[who] - 2.0)) * (0.75 + 0.25 * people.trait[who])
    weakness = _STRENGTH * ill * np.exp(0.045 * (age - 75))
    first = np.full((who.size, len(DEFICITS)), FAR, dtype=np.int64)
    for column, deficit in enumerate(DEFICITS):
        for code in FROM_REGISTERS.get(deficit, ()):
            begun = np.where(registers.on(code, who, seen), registers.first[who, CODES.index(code)], FAR)
            first[:, column] = np.minimum(first[:, column], begun)
        has = rng.random(who.size) < np.minimum(OTHERS.get(deficit, 0.0) * weakness, 0.9)
        since = seen - rng.exponential(MEAN_YEARS * YEAR, who.size)
        since = np.maximum(since, people.birth[who] + 45 * YEAR).astype(np.int64)
        first[:, column] = np.minimum(first[:, column], np.where(has, since, FAR))
    return Frailty(who, first)
