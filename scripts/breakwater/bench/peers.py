"""Our protector beside other tools on the same tables, all attacked by the same attacker."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from breakwater import tables as printed
from breakwater.bench import peer_tables, tau_argus
from breakwater.bench.peer_tables import Table
from breakwater.disclosure import protect
from breakwater.disclosure.attack import exact, propagate
from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.walk import visits_only_what_agrees, walk
from breakwater.disclosure.choose import cheapest_cover
from breakwater.disclosure.policy import SUPPRESSION, Policy
from breakwater.progress import say

# (tool and version, seconds as measured then, file with what it withheld), by table.
PEERS = {
    "T1": [
        ("tau-Argus modular", 1.1, "tauMOD_T1"),
        ("tau-Argus optimal", 4.0, "tauOPT_T1"),
        ("GaussSuppression 1.2.3", 1.8, "gauss_T1"),
        ("GaussSuppression 1.2.3, intervals", 35.8, "gaussint_T1_9"),
        ("sdcTable 0.34.0 GAUSS", 171, "sdctable_T1_GAUSS"),
        ("sdcTable 0.34.0 SIMPLEHEURISTIC_OLD", 1.3, "sdctable_T1_SIMPLEHEURISTIC_OLD"),
    ],
    "T2": [
        ("tau-Argus modular", 4.7, "tauMOD_T2"),
        ("GaussSuppression 1.2.3", 22.7, "gauss_T2"),
        ("sdcTable 0.34.0 SIMPLEHEURISTIC_OLD", 5.7, "sdctable_T2_SIMPLEHEURISTIC_OLD"),
    ],
    "T3": [("GaussSuppression 1.2.3", 29.7, "gauss_T3")],
    "T7": [
        ("GaussSuppression 1.2.3", 14.6, "gauss_T7"),
        ("GaussSuppression 1.2.3, table by table", 6, "sep_linked"),
    ],
    "T1Q": [("GaussSuppression 1.2.3", 180, "gauss_T1Q")],
    "T6": [("GaussSuppression 1.2.3", 325, "gauss_T6")],
}
# tau-Argus protects one table of strict hierarchies: its age dimension, by table.
RERUN = {"T1": "broad", "T2": "age"}
# Second thoughts cost a protection each: on tables of so few cells, every cell gets one.
SECOND_THOUGHTS = 3_000
COLUMNS = [
    "tool", "withheld besides", "information lost", "found exactly", "to under 4", "seconds then",
    "protection s", "attack s", "walk s", "shown safe",
]  # fmt: skip


@dataclass
class Outcome:
    """What a tool withholds besides the small cells, and what the attack finds of the small ones."""

    tool: str
    withheld: int
    information: float
    exactly: int
    narrow: int
    then: float | None = None
    protection: float | None = None
    attack: float = 0.0
    walk: float | None = None
    safe: str = ""

    def line(self) -> tuple:
        return (
            self.tool, self.withheld, f"{self.information:,.0f}", self.exactly, self.narrow, _number(self.then),
            _number(self.protection), _number(self.attack), _number(self.walk), self.safe,
        )  # fmt: skip


def _number(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"


def report(folder: Path, policy: Policy, names: list[str], walks: bool) -> None:
    """Print, for each table, ours and every peer; seconds are of one processor. walks: prove by walks too."""
    version = tau_argus.version()
    for name in names:
        table = peer_tables.read(folder, name, policy.threshold)
        outcomes = [of_file(folder, table, *peer) for peer in PEERS[name]]
        if name in RERUN:
            outcomes.append(rerun_tau_argus(folder, table, policy, version))
        outcomes += [ours_by_their_rule(table, values, policy, walks) for values in (2, 4)]
        outcomes.append(ours_by_default(table, policy, walks))
        title = f"{name}: {table.published.sum():,} cells, {table.small.sum():,} of 1 to {policy.threshold}"
        printed.show(title, COLUMNS, [outcome.line() for outcome in outcomes])
        _compare(name, outcomes)


def _compare(name: str, outcomes: list[Outcome]) -> None:
    """Say which peers reach what ours reaches by their rule, and which of them lose less."""
    ours = {2: next(o for o in outcomes if o.tool.startswith("ours, 2"))}
    ours[4] = next(o for o in outcomes if o.tool.startswith("ours, 4"))
    peers = [outcome for outcome in outcomes if not outcome.tool.startswith("ours")]
    for values, mine in ours.items():
        same = [peer for peer in peers if (peer.exactly if values == 2 else peer.narrow) == 0]
        better = [peer.tool for peer in same if peer.withheld < mine.withheld]
        least = min((peer.withheld for peer in same), default=None)
        say(
            "bench",
            f"{name}: {values} values stay possible in {len(same)} of {len(peers)} peers, which lose at least {least};"
            f" ours loses {mine.withheld}" + (f", more than {', '.join(better)}" if better else ""),
        )


def of_file(folder: Path, table: Table, tool: str, seconds: float, file: str) -> Outcome:
    """Attack what a peer withheld when it was measured."""
    withheld = peer_tables.withheld_by(folder, table, f"{file}.csv.gz")
    return _attacked(table, tool, withheld, then=seconds)


def rerun_tau_argus(folder: Path, table: Table, policy: Policy, version: str) -> Outcome:
    """Run tau-Argus now, on this machine, and attack what it withholds."""
    microdata = pl.read_csv(folder / "inner_las.csv.gz")
    pattern, seconds = tau_argus.protect(microdata, RERUN[table.name], policy.threshold, "modular")
    tool = f"tau-Argus modular, pytauargus {version}, rerun"
    withheld = peer_tables.of_pattern(table, pattern, tool)
    return _attacked(table, tool, withheld, protection=seconds)


def their_knowledge(counted, status, block, released, rest, policy) -> tuple[np.ndarray, np.ndarray]:
    """What the peers' intruder knows of each cell by itself: a shown count exactly, a withheld one to be no zero."""
    low, high = np.zeros(len(counted), np.int64), np.full(len(counted), protect.UNBOUNDED)
    shown = released & (status == protect.SHOWN)
    low[shown] = high[shown] = counted[shown]
    low[released & ~shown] = 1
    low[block] = 0
    return low, high


def their_system(table: Table, withheld: np.ndarray) -> LinearSystem:
    """Return what the peers' intruder holds, narrowed by propagation."""
    nothing = np.zeros(len(withheld), bool)
    status = np.where(withheld, protect.PRIMARY, protect.SHOWN)
    ends = their_knowledge(table.counted, status, nothing, table.published, nothing, None)
    return _narrowed(peer_tables.linear(table, *ends))


def _narrowed(system: LinearSystem) -> LinearSystem:
    system.low, system.high = propagate.tighten(system)
    return system


def widths(system: LinearSystem, cells: np.ndarray, enough: int) -> np.ndarray:
    """Return how many values exact bounds leave each cell; `enough` or more are not told apart."""
    found = exact.bounds(system, cells, enough)
    return np.array([found[int(cell)].high - found[int(cell)].low + 1 for cell in cells])


def _attacked(table: Table, tool: str, withheld: np.ndarray, **seconds) -> Outcome:
    begun = time.process_time()
    width = widths(their_system(table, withheld), np.flatnonzero(table.small), 4)
    taken = time.process_time() - begun
    besides = withheld & ~table.small
    information = float(np.log1p(table.counted[besides]).sum())
    exactly, narrow = int((width < 2).sum()), int((width < 4).sum())
    return Outcome(tool, int(besides.sum()), information, exactly, narrow, attack=taken, **seconds)


def ours_by_their_rule(table: Table, values: int, policy: Policy, walks: bool) -> Outcome:
    """Protect with exact counts so that exact bounds leave so many values; withhold more where they leave fewer."""
    rule = Policy(policy.threshold, 1, values, policy.small_group, policy.dominance_share, method=SUPPRESSION)
    tool = f"ours, {values} values, exact counts"
    small, also = np.flatnonzero(table.small), np.zeros(len(table.small), bool)
    seconds = attacks = 0.0
    while True:
        begun = time.process_time()
        tries = SECOND_THOUGHTS if table.published.sum() < SECOND_THOUGHTS else 0
        decision = protect.protect(
            table.system, protect.no_sums(), table.small, table.published, rule,
            protected=table.small.copy(), known=their_knowledge, also=also, tries=tries,
        )  # fmt: skip
        between = time.process_time()
        withheld = decision.status != protect.SHOWN
        system = their_system(table, withheld)
        found = exact.bounds(system, small, values)
        seconds, attacks = seconds + between - begun, attacks + time.process_time() - between
        leaks = [bound for bound in found.values() if bound.high - bound.low + 1 < values]
        if not leaks:
            break
        useful = table.published & ~withheld & (table.counted > 0)
        further = cheapest_cover([_near(system, bound, useful) for bound in leaks], np.log1p(table.counted))
        if not further:
            break
        also = also.copy()
        also[list(further)] = True
    outcome = _attacked(table, tool, withheld, protection=seconds)
    outcome.attack = attacks
    return _walked(outcome, table, system, values) if walks else outcome


def _near(system: LinearSystem, bound: exact.Bounds, useful: np.ndarray) -> list[int]:
    """Return useful cells among those that pin a bound; if there is none, among those beside them in their sums."""
    cells = bound.pinned_by
    for _ in range(3):
        if useful[cells].any():
            break
        rows = np.unique(system.by_cell[:, cells].indices)
        cells = np.unique(system.by_row[rows].indices)
    return cells[useful[cells]].tolist()


def ours_by_default(table: Table, policy: Policy, walks: bool) -> Outcome:
    """Protect as a release is: rounded counts, and an intruder who knows which withheld cells are small."""
    begun = time.process_time()
    decision = protect.protect(
        table.system, protect.no_sums(), table.small, table.published, policy, protected=table.small.copy()
    )
    seconds = time.process_time() - begun
    nothing = np.zeros(len(table.small), bool)
    ends = protect.prior_bounds(
        table.counted, decision.status, decision.block, table.published, nothing, policy
    )
    begun = time.process_time()
    system = _narrowed(peer_tables.linear(table, *ends))
    width = widths(system, np.flatnonzero(table.small), policy.least_candidates)
    taken = time.process_time() - begun
    besides = (decision.status != protect.SHOWN) & ~table.small
    outcome = Outcome(
        f"ours, default: {policy.least_candidates} values, nearest {policy.rounding}",
        int(besides.sum()), float(np.log1p(table.counted[besides]).sum()), int((width < 2).sum()),
        int((width < policy.least_candidates).sum()), protection=seconds, attack=taken,
    )  # fmt: skip
    return _walked(outcome, table, system, policy.least_candidates) if walks else outcome


def _walked(outcome: Outcome, table: Table, system: LinearSystem, values: int) -> Outcome:
    """Walk over whole tables, and note how many small counts took so many values."""
    targets = np.flatnonzero(table.small)
    begun = time.process_time()
    found = walk(system, table.counted.astype(np.int64), targets, values)
    if not visits_only_what_agrees(system, found):
        raise ValueError("a table of the walk does not agree with what is published")
    outcome.walk = time.process_time() - begun
    safe = sum(found.taken(cell) >= values for cell in targets.tolist())
    outcome.safe = f"{safe:,} of {len(targets):,}"
    return outcome
