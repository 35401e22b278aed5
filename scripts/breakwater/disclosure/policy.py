"""The disclosure policy: read from dbt_project.yml, never from a command line, a dashboard or an export."""

from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from breakwater.errors import Refusal

# Weaker than this is refused: the rule of NHS Hospital Episode Statistics (1 to 7 withheld, the rest to
# the nearest 5) and the promise that four values of a small count remain possible.
FLOOR = {"threshold": 7, "rounding": 5, "least_candidates": 4, "small_group": 10}


@dataclass(frozen=True)
class Policy:
    """Threshold and group size in people, rounding in counted units, candidates in values."""

    threshold: int
    rounding: int
    least_candidates: int
    small_group: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    @property
    def half_width(self) -> int:
        """The largest whole number by which rounding can have moved a count."""
        return self.rounding // 2


def load(project: Path) -> Policy:
    """Return the policy of `dbt_project.yml`; raise Refusal if it is impossible or weaker than the floor."""
    given = yaml.safe_load((project / "dbt_project.yml").read_text())["vars"].get("disclosure") or {}
    if set(given) != set(FLOOR):
        raise Refusal(f"dbt_project.yml: vars.disclosure must hold exactly {', '.join(FLOOR)}.")
    for name, floor in FLOOR.items():
        value = given[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < floor:
            raise Refusal(
                f"dbt_project.yml: vars.disclosure.{name} must be a whole number of at least {floor}."
            )
    if given["rounding"] % 2 == 0:
        raise Refusal(
            "dbt_project.yml: vars.disclosure.rounding must be odd, so that no count lies half-way."
        )
    if given["least_candidates"] > given["threshold"]:
        raise Refusal("dbt_project.yml: vars.disclosure.least_candidates cannot exceed the threshold.")
    if given["rounding"] > given["threshold"] + 1:
        # A shown count could round to zero or stand for a withheld one.
        raise Refusal("dbt_project.yml: vars.disclosure.rounding cannot exceed the threshold plus one.")
    return Policy(**given)
