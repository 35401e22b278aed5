"""The disclosure policy: read from dbt_project.yml, never from a command line, a dashboard or an export.

Protector, attacker and gates share it, and with it what a shown number says about the count behind it.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import yaml

from breakwater.errors import Refusal

# Weaker than this is refused: the rule of NHS Hospital Episode Statistics (1 to 7 withheld, the rest to
# the nearest 5) and the promise that four values of a small count remain possible.
FLOOR = {"threshold": 7, "least_candidates": 4, "small_group": 10}
# A contributor that holds more than this share of a cell recognises itself: a larger share would be weaker.
MOST_DOMINANCE = 90
NHS_ROUNDING, SUPPRESSION, MIDPOINT = "nhs_rounding", "suppression", "midpoint"
# Method -> (the rounding it needs, in words, and whether a rounding is so).
METHODS = {
    NHS_ROUNDING: ("odd, so that no count lies half-way, and at least 5", lambda r: r % 2 == 1 and r >= 5),
    SUPPRESSION: ("1, as counts are shown exactly", lambda r: r == 1),
    MIDPOINT: ("even, so that bands have a middle, and at least 6", lambda r: r % 2 == 0 and r >= 6),
}


@dataclass(frozen=True)
class Policy:
    """Threshold and group size in people, rounding in counted units, candidates in values, dominance in percent.

    method: `nhs_rounding` withholds small counts and rounds the others; `suppression` shows the others exactly;
    `midpoint` shows every count as the middle of its band, and withholds only what a joint attack would find.
    """

    threshold: int
    rounding: int
    least_candidates: int
    small_group: int
    dominance_share: int = 85
    method: str = NHS_ROUNDING

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self)

    @property
    def half_width(self) -> int:
        """The largest whole number by which rounding can have moved a count."""
        return self.rounding // 2

    @property
    def withholds_small(self) -> bool:
        """Tell whether counts of few people are withheld; otherwise the width of a band hides them."""
        return self.method != MIDPOINT

    def in_words(self) -> list[str]:
        """Return the rules for whoever reads figures, a sentence each."""
        few, step = f"1 to {self.threshold} people", self.rounding
        method = {
            NHS_ROUNDING: [
                f"A figure that rests on {few} is withheld.",
                f"Other counts are rounded to the nearest {step}, each by itself; they may not add up.",
            ],
            SUPPRESSION: [
                f"A figure that rests on {few} is withheld.",
                "Other counts are shown as they are.",
            ],
            MIDPOINT: [
                f"Counts are shown as the middle of a band of {step}: 1 to {step} as {step // 2}, and so on.",
                f"A figure that rests on {few} but counts more than that is withheld.",
            ],
        }
        return [
            *method[self.method],
            "Rates and percentages are made from the counts as shown.",
            f"A share of 0% or 100% of fewer than {self.small_group} people is withheld: it would tell something about "
            "each of them.",
            f"Where a measure names its contributors, a figure is withheld of which one makes up more than "
            f"{self.dominance_share}%.",
            "Some other figures are withheld too, so that no withheld one can be worked out by adding and subtracting: "
            f"at least {self.least_candidates} values stay possible. They look the same.",
        ]

    def published(self, counted: np.ndarray) -> np.ndarray:
        """Return what is shown for true counts; a true zero is always shown as zero."""
        if self.method == MIDPOINT:
            return -(-counted // self.rounding) * self.rounding - self.half_width * (counted > 0)
        return (counted + self.half_width) // self.rounding * self.rounding

    def interval(self, published: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the greatest count that a shown number can stand for."""
        low, high = published - self.half_width, published + self.half_width
        # without bands, fewer than the threshold would have been withheld
        low = low + 1 if self.method == MIDPOINT else np.maximum(low, self.threshold + 1)
        return np.where(published > 0, low, 0), np.where(published > 0, high, 0)


def load(project: Path) -> Policy:
    """Return the policy of `dbt_project.yml`; raise Refusal if it is impossible or weaker than the floor."""
    given = yaml.safe_load((project / "dbt_project.yml").read_text())["vars"].get("disclosure") or {}
    return validated(given)


def validated(given: dict) -> Policy:
    """Return the policy with these settings; raise Refusal if it is impossible or weaker than the floor."""
    settings = list(Policy.__dataclass_fields__)
    if set(given) != set(settings):
        raise Refusal(f"dbt_project.yml: vars.disclosure must hold exactly {', '.join(settings)}.")
    for name, floor in (FLOOR | {"rounding": 1, "dominance_share": 50}).items():
        value = given[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < floor:
            raise Refusal(
                f"dbt_project.yml: vars.disclosure.{name} must be a whole number of at least {floor}."
            )
    if given["dominance_share"] > MOST_DOMINANCE:
        raise Refusal(
            f"dbt_project.yml: vars.disclosure.dominance_share cannot exceed {MOST_DOMINANCE} percent."
        )
    if given["method"] not in METHODS:
        raise Refusal(f"dbt_project.yml: vars.disclosure.method must be one of {', '.join(METHODS)}.")
    words, holds = METHODS[given["method"]]
    if not holds(given["rounding"]):
        raise Refusal(
            f"dbt_project.yml: vars.disclosure.rounding must, for the method {given['method']}, be {words}."
        )
    if given["least_candidates"] > given["threshold"]:
        raise Refusal("dbt_project.yml: vars.disclosure.least_candidates cannot exceed the threshold.")
    if given["method"] == MIDPOINT and given["least_candidates"] > given["rounding"]:
        raise Refusal("dbt_project.yml: vars.disclosure.least_candidates cannot exceed the width of a band.")
    if given["rounding"] > given["threshold"] + 1:
        # A shown count could round to zero or stand for a withheld one.
        raise Refusal("dbt_project.yml: vars.disclosure.rounding cannot exceed the threshold plus one.")
    return Policy(**given)
