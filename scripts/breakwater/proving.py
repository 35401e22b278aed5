"""Make the proof of the current release once, keep it in the warehouse, and show it to governance."""

from dataclasses import dataclass

import duckdb

from breakwater import checks, settings, warehouse
from breakwater.disclosure import policy, proof
from breakwater.disclosure.attack import attack
from breakwater.errors import Refusal
from breakwater.releases import FILE, release_folder

MOST_LINES = 40


@dataclass
class Summary:
    """What a proof comes to: small counts, how many of them are proven, and of how many values each."""

    release_id: str
    counts: int
    proven: int
    wanted: int


def proof_of_current(data: settings.DataFolder) -> tuple[Summary, bool]:
    """Return the summary of the current release's proof, and whether it was made just now.

    Raises Refusal when there is no release, or when the warehouse was built again since it was made.
    """
    name = release_folder(data).resolve().name
    with warehouse.connect(data, read_only=True) as source:
        if (kept := _kept(source, name)) is not None:
            return kept, False
        rules = policy.load(settings.PROJECT)
        with duckdb.connect(str(release_folder(data) / FILE), read_only=True) as release:
            try:
                found = attack(release, rules, checks.knowledge(source))
                made = proof.prove(found, rules.least_candidates)
            except ValueError as error:
                raise Refusal(f"{error}: run `breakwater release` first, then prove that release.") from error
    summary = Summary(name, len(made.counts), made.proven, rules.least_candidates)
    with warehouse.connect(data) as target:
        _keep(target, made, summary)
    return summary, True


def _kept(source, name: str) -> Summary | None:
    known = source.execute("select count(*) from duckdb_tables() where schema_name = 'proof'").fetchone()[0]
    row = known and source.execute("from proof.summary where release_id = ?", [name]).fetchone()
    return Summary(*row) if row else None


def _keep(target, made: proof.Proof, summary: Summary) -> None:
    target.execute("create schema if not exists proof")
    for table, content in (("counts", made.counts), ("steps", made.steps)):
        target.register("content", content.to_arrow())
        target.execute(f"create or replace table proof.{table} as select * from content")
        target.unregister("content")
    target.execute(
        "create or replace table proof.summary as select $release_id as release_id, $counts as counts, "
        "$proven as proven, $wanted as wanted",
        vars(summary),
    )


def shown(data: settings.DataFolder, words: tuple[str, ...]) -> list[str]:
    """Return a line a small count whose description has all the words, up to MOST_LINES of them."""
    with warehouse.connect(data, read_only=True) as source:
        where = " and ".join(["contains(lower(described), lower(?))"] * len(words))
        rows = source.execute(
            f"""
            with described as (
                select
                    concat_ws(' ', units_model, category_set, period_type, period_start, area, age_band, sex)
                        as described,
                    *
                from proof.counts
            )
            select described, least, greatest, "values", part, least_step, greatest_step, is_proven
            from described where {where} order by described
            """,
            list(words),
        ).fetchall()
    lines = [
        f"{described}: {least} to {greatest} ({values} values; walk {part}, steps {first} and {last})"
        + ("" if proven else ", not proven")
        for described, least, greatest, values, part, first, last, proven in rows[:MOST_LINES]
    ]
    return [*lines, f"{len(rows) - MOST_LINES:,} more"] if len(rows) > MOST_LINES else lines
