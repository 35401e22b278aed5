"""What a run took apart: start-ups, protection and attack, as the tools themselves wrote them down."""

import json
import re
from pathlib import Path

# The number that each stage's own line gives for its rows or cells.
ROWS = {
    "synthesise": r"([\d,]+) rows",
    "pseudonymise": r"([\d,]+) rows",
    "land": r"([\d,]+) rows landed",
    "build": r"([\d,]+) cells",
    "release": r"([\d,]+) cells",
    "hand-written": r"([\d,]+) cells",
}


def rows(stage: str, printed: str) -> int | None:
    """Return the rows or cells that a stage says it made."""
    found = re.search(ROWS[stage], printed) if stage in ROWS else None
    return int(found[1].replace(",", "")) if found else None


def start_up_of_expectations(printed: str) -> float:
    """Return the seconds that Great Expectations took to start, as `land` and bench.start_up print them."""
    found = re.search(r"Great Expectations start-up ([\d.]+) s", printed)
    return float(found[1]) if found else 0.0


def protection(root: Path) -> float:
    """Return the seconds of the model decided_cells, from dbt's own results."""
    results = json.loads((root / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return sum(node["execution_time"] for node in results if node["unique_id"].endswith(".decided_cells"))


def attack(release: Path) -> float:
    """Return the seconds of the attacks on the release, from its table `checks`."""
    import duckdb

    with duckdb.connect(str(release), read_only=True) as connection:
        return connection.execute(
            "select coalesce(sum(seconds), 0) from checks where gate = 'attack'"
        ).fetchone()[0]
