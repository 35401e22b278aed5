"""Hold the hand-written cells against those of the warehouse."""

from dataclasses import dataclass
from pathlib import Path

from breakwater.settings import DataFolder

KEYS = "units_model, category_set, period_type, period_start, area_level, area_code, age_band, sex"
# What hand_written.sql counts. Other units models are beyond it, and are named, since the pipeline counts them too.
COVERED = ("emergency_admissions_units", "reablement_units", "residents_units", "social_care_consent_units")
BOTH = "warehouse.disclosure.counted_cells as ours full join by_hand.cells as theirs using ({keys})"


@dataclass(frozen=True)
class Comparison:
    """Cells compared, cells that differ (count, people or existence), sets not written by hand, models beyond it."""

    compared: int
    differing: int
    not_compared: tuple[str, ...]
    beyond: tuple[str, ...] = ()


def compare(data: DataFolder, by_hand: Path) -> Comparison:
    """Compare every cell of the sets that the script counts; a set added since to a model it covers is only named."""
    from breakwater import warehouse

    with warehouse.connect(data, read_only=True) as connection:
        connection.execute(f"attach '{str(by_hand).replace(chr(39), chr(39) * 2)}' as by_hand (read_only)")
        known = "(units_model, category_set) in (select (units_model, category_set) from by_hand.cells)"
        compared, differing = connection.execute(
            "select count(*), count(*) filter ("
            "(ours.counted, ours.people) is distinct from (theirs.counted, theirs.people))"
            f" from {BOTH.format(keys=KEYS)} where {known}"
        ).fetchone()
        missing = connection.execute(
            "select distinct units_model || ': ' || category_set from warehouse.disclosure.counted_cells"
            f" where not {known} and units_model in {COVERED} order by all"
        ).fetchall()
        beyond = connection.execute(
            f"select distinct units_model from warehouse.disclosure.counted_cells where units_model not in {COVERED}"
            " order by all"
        ).fetchall()
    return Comparison(
        compared, differing, tuple(name for (name,) in missing), tuple(name for (name,) in beyond)
    )
