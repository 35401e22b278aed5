"""gp_conditions: one row a person and register, or a person and deficit of the frailty index."""

import numpy as np
import polars as pl

from breakwater.synthetic.frailty import DEFICITS, FALLS, MODERATE, Frailty
from breakwater.synthetic.periods import FAR
from breakwater.synthetic.registers import CODES, Registers

# What a hospital codes beside the reason for a stay, for people on these registers: the gravest first.
_ICD10 = {
    "HF": "I500", "COPD": "J449", "CHD": "I259", "AF": "I489", "DEM": "F03X", "CKD": "N183", "DM": "E119",
    "STIA": "I694", "CAN": "C80X", "MH": "F209", "HYP": "I10X", "PC": "Z515", "PAD": "I739", "EP": "G409",
    "RA": "M069", "AST": "J459", "DEP": "F329", "OB": "E669", "OST": "M819", "LD": "F819",
}  # fmt: skip
_FRAIL, _FALLER = "R54X", "R296"


def rows(registers: Registers, frailty: Frailty, people: pl.DataFrame) -> pl.DataFrame:
    """Return gp_conditions in identifiable form, the registers before the deficits."""
    who, register = np.nonzero(registers.first < FAR)
    weak, deficit = np.nonzero(frailty.first < FAR)
    person = np.concatenate([who, frailty.person[weak]])
    first = np.concatenate([registers.first[who, register], frailty.first[weak, deficit]])
    last = np.concatenate([registers.last[who, register], np.full(weak.size, FAR)])
    code = np.concatenate([np.array(CODES)[register], np.array(DEFICITS)[deficit]])
    return pl.DataFrame({
        "condition_id": pl.int_range(1, person.size + 1, eager=True),
        "nhs_number": people["nhs_number"].gather(person),
        "code_list": np.repeat(["QOF", "eFI"], [who.size, weak.size]), "code": code,
        "first_date": pl.Series(first).cast(pl.Int32).cast(pl.Date), "last_date": pl.Series(last),
    }).with_columns(
        condition_id=pl.format("G{}", pl.col("condition_id").cast(pl.String).str.zfill(8)),
        last_date=pl.when(pl.col("last_date") < FAR).then("last_date").cast(pl.Int32).cast(pl.Date),
    )  # fmt: skip


def coded(registers: Registers, frailty: Frailty, who: np.ndarray, at: np.ndarray, slots: int) -> np.ndarray:
    """Return secondary diagnoses of people on a day as text, shape (rows, slots), empty beyond what they have."""
    size = registers.first.shape[0]
    falls = np.full(size, FAR)
    falls[frailty.person] = frailty.first[:, FALLS]
    held = {icd: registers.on(code, who, at) for code, icd in _ICD10.items()}
    held |= {_FRAIL: frailty.since(size, MODERATE)[who] <= at, _FALLER: falls[who] <= at}
    result = np.full((who.size, slots), "", dtype="U4")
    used = np.zeros(who.size, dtype=np.int64)
    for icd, has in held.items():
        put = np.flatnonzero(has & (used < slots))
        result[put, used[put]] = icd
        used[put] += 1
    return result
