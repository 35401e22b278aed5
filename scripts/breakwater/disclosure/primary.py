"""Which cells are withheld by themselves, and why."""

import numpy as np
import polars as pl

from breakwater.disclosure import levels
from breakwater.disclosure.layout import KEY, System
from breakwater.disclosure.policy import Policy

# In the order in which they are given as the reason.
REASONS = {
    "few": "so few people that the threshold withholds it",
    "few in the complement": "its share leaves so few people that the threshold would withhold them",
    "looks few": "as shown, its share would leave so few that it looks as if the threshold should withhold them",
    "whole group": "a share of nobody or everybody of a small group would tell about each of them",
    "sensitive": "nobody is in it, and its measure is one of which that is not shown either",
    "dominated": "one contributor makes up so much of it that it could recognise itself",
    "earlier": "an earlier release withheld it, and that release is still public",
}


class Primary:
    """Reasons to withhold cells of a system by themselves: `reason` per cell, empty where there is none.

    protected: cells that must keep the policy's least number of possible values: counts of few people, and what else
    is withheld because to know it would tell about people or a contributor.
    hidden: cells up to the threshold of which an intruder cannot know whether they are empty.
    """

    def __init__(self, system: System, series: list, released: np.ndarray, policy: Policy):
        cells = system.cells
        self.cells, self.policy, self.released = cells, policy, released
        self.counted, self.people = cells["counted"].to_numpy(), cells["people"].to_numpy()
        self.reason = np.full(len(cells), "", dtype=object)
        self.protected = (self.people >= 1) & (self.people <= policy.threshold)
        self.hidden = np.zeros(len(cells), bool)
        few = self.protected.copy()
        if not policy.withholds_small:
            # a band hides how many, but not that few people make up a greater count
            few &= self.counted > policy.threshold
        self._give("few", few)
        for line in series:
            if line.kind == "proportion":
                self._of_proportion(line)
        self._of_sensitive(series)
        self._of_dominated(series)

    @property
    def withheld(self) -> np.ndarray:
        return self.reason != ""

    def withhold_as_before(self, withheld_earlier: np.ndarray, kept: np.ndarray) -> None:
        """Withhold what an earlier release withheld; leave to their earlier figure the cells that keep one."""
        self.reason[kept] = ""
        self._give("earlier", withheld_earlier)

    def _give(self, reason: str, cells: np.ndarray) -> None:
        """Give a reason to those of the cells that are released and have none yet."""
        self.reason[cells & self.released & (self.reason == "")] = reason

    def _mask(self, cells: pl.Series) -> np.ndarray:
        mask = np.zeros(len(self.cells), bool)
        mask[cells.to_numpy()] = True
        return mask

    def _of_proportion(self, line) -> None:
        """A proportion says three counts: the numerator, the denominator and, by difference, the complement."""
        key, policy = [column for column in KEY if column != "category_set"], self.policy
        complement = levels.set_name(set(line.of) - set(line.counts))
        names = {
            "part": levels.set_name(line.counts),
            "whole": levels.set_name(line.of),
            "complement": complement,
        }
        table = None
        for role, name in names.items():
            renamed = {column: f"{role}_{column}" for column in ("counted", "people")} | {"cell": role}
            found = self.cells.filter(pl.col("category_set") == name).select(*key, *renamed).rename(renamed)
            table = found if table is None else table.join(found, on=key)
        shown = {role: policy.published(table[f"{role}_counted"].to_numpy()) for role in ("whole", "part")}
        looks = pl.Series(shown["whole"] - shown["part"]).is_between(1, policy.threshold)
        few = table["complement_people"].is_between(1, policy.threshold)
        if not policy.withholds_small:
            few &= table["complement_counted"] > policy.threshold
            looks &= False  # the difference of two middles says no more than their bands do
        small_group = pl.col("whole_people").is_between(1, policy.small_group - 1)
        nobody, everybody = pl.col("part_counted") == 0, pl.col("complement_counted") == 0
        self._give("few in the complement", self._mask(table.filter(few)["part"]))
        self._give("looks few", self._mask(table.filter(looks)["part"]))
        whole_group = table.filter(small_group & (nobody | everybody))
        self._give("whole group", self._mask(whole_group["part"]))
        # what tells about each of them is the zero: of the part, or of its complement
        withheld = whole_group.filter(pl.Series(self.released)[whole_group["part"].to_numpy()])
        for role, empty in (("part", nobody), ("complement", everybody)):
            self.protected |= self._mask(withheld.filter(empty)[role])

    def _of_sensitive(self, series: list) -> None:
        names = [levels.set_name(line.counts) for line in series if line.sensitive]
        sensitive = self.cells["category_set"].is_in(names).to_numpy() & self.released
        self._give("sensitive", sensitive & (self.counted == 0))
        self.hidden |= sensitive & (self.counted <= self.policy.threshold)
        self.protected |= sensitive & (self.counted == 0)

    def _of_dominated(self, series: list) -> None:
        """A contributor with nearly all of a cell knows the rest to be little, and itself to be in the figure."""
        for line in series:
            if line.contributor is None:
                continue
            mine = (self.cells["category_set"] == levels.set_name(line.counts)).to_numpy()
            # a figure of one practice is about that practice, and nobody else recognises itself in it
            mine &= (self.cells["area_level"] != line.contributor.removesuffix("_code")).to_numpy()
            largest = self.cells["largest"].fill_null(0).to_numpy()
            dominated = (
                mine & (self.counted > 0) & (100 * largest > self.policy.dominance_share * self.counted)
            )
            self._give("dominated", dominated)
            self.protected |= dominated & self.released
