"""The extracts of one month more: what came in the last month, once again and moved on by one, with keys of its own.

Whoever has five years in the warehouse lands such a month, builds and releases: what it costs is measured with it.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import click
import duckdb

from breakwater.gate.contract import Column, Contract, contract_for
from breakwater.manifest import Manifest, manifest_path, read_manifest, sha256_of, write_manifest

DAYS = 30


def write(extracts: Path) -> int:
    """Write, for each extract whose files end with the last month, a file of the month after it; return its rows."""
    told = [read_manifest(path) for path in sorted(extracts.glob("*/*.parquet"))]
    end = max(manifest.period_end for manifest in told)
    rows = 0
    for folder in sorted(path for path in extracts.iterdir() if path.is_dir()):
        files = [(path, read_manifest(path)) for path in sorted(folder.glob("*.parquet"))]
        latest = [(path, manifest) for path, manifest in files if manifest.period_end == end]
        if latest:
            rows += _write_one(*max(latest, key=lambda each: each[1].rows), end)
    return rows


def _write_one(source: Path, told: Manifest, end: date) -> int:
    contract = contract_for(told.extract, told.layout, source.name)
    moment = _moment(contract)
    first, last = end + timedelta(days=1), _last_of_month(end + timedelta(days=1))
    target = source.with_name(f"{told.extract}_{first}_{last}.parquet")
    columns = contract.columns_of(told.layout)
    moved = ", ".join(f'{_moved(column)} as "{column.file}"' for column in columns if _is_changed(column))
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"copy (select * replace ({moved}) from read_parquet('{source}')"
            f" where {_day(moment)} between date '{end}' - {DAYS - 1} and date '{end}')"
            f" to '{target}' (format parquet)"
        ).fetchone()[0]
    new = json.loads(manifest_path(source).read_text(encoding="utf-8")) | {
        "period_start": first, "period_end": last, "rows": rows, "sha256": sha256_of(target),
    }  # fmt: skip
    write_manifest(target, Manifest(**new))
    return rows


def _moment(contract: Contract) -> Column:
    """The column that places a row in time: the one that its contract holds to the period."""
    name = [rule.column for rule in contract.rules if "> _period_end" in rule.fails_when][-1]
    return next(column for column in contract.columns if column.name == name)


def _is_changed(column: Column) -> bool:
    return column.key or column.type == "date"


def _moved(column: Column) -> str:
    """A date some days later, unless it stands for none; a key whose first digit is 9."""
    if column.key:
        return f"""regexp_replace("{column.file}", '[0-9]', '9')"""
    text, later = f'"{column.file}"', f"{_day(column)} + interval {DAYS} day"
    written = f"if(regexp_full_match({text}, '[0-9]{{8}}'), strftime({later}, '%Y%m%d'), strftime({later}, '%Y-%m-%d'))"
    return f"if({_day(column)} > date '1802-01-01', {written}, {text})"


def _day(column: Column) -> str:
    text = f'"{column.file}"'
    return f"coalesce(try_strptime({text}, '%Y-%m-%d'), try_strptime({text}, '%Y%m%d'))::date"


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


if __name__ == "__main__":
    click.echo(f"{write(Path(sys.argv[1]) / 'extracts'):,} rows")
