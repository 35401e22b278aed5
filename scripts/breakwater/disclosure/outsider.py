"""An outsider with release files: nothing but what is in them, the policy included."""

import json
from contextlib import ExitStack
from pathlib import Path

import duckdb

from breakwater.disclosure.attack import Findings, attack, sharpen
from breakwater.disclosure.policy import Policy
from breakwater.errors import Refusal
from breakwater.releases import FILE


def attack_files(paths: list[Path], files: ExitStack) -> tuple[Findings, Policy]:
    """Attack releases together, the latest last, by the policy that it states. Returns what was found, and the policy.

    paths: release files or their folders. Raises Refusal when one is no release, or they contradict one another.
    """
    opened = [files.enter_context(_opened(path)) for path in paths]
    policy = Policy(**json.loads(opened[-1].sql("select policy from release").fetchone()[0]))
    try:
        return sharpen(attack(opened, policy), policy, knows=False), policy
    except ValueError as error:
        names = ", ".join(path.parent.name if path.name == FILE else path.name for path in paths)
        if len(paths) == 1:
            raise Refusal(f"{names}: {error}.") from error
        raise Refusal(
            f"{names}: the counts differ too much to be of the same records, so no count lies in all their intervals;"
            " attack each release by itself."
        ) from error


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    file = path / FILE if path.is_dir() else path
    try:
        release = duckdb.connect(str(file), read_only=True)
        release.sql("select 1 from release, cells, areas, series, standard_weights limit 0")
    except duckdb.Error as error:
        raise Refusal(f"{file} is no release file; give one, or the folder that holds it.") from error
    return release
