"""Make a release: written in a new file, checked, attacked, and only then made current by one rename."""

import hashlib
import json
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from breakwater import (
    __version__,
    catalogue,
    checks,
    derived,
    exporting,
    outlines,
    quality,
    record_flows,
    settings,
    warehouse,
)
from breakwater.build import require_current_build
from breakwater.disclosure import levels, policy
from breakwater.errors import Refusal
from breakwater.releases import CURRENT, FILE, FILES

# What lies ready in each release; other forms are made when they are asked for.
IN_A_RELEASE = ("csv", "parquet")


def make(data: settings.DataFolder, report=lambda doing: None) -> tuple[str, dict]:
    """Return the id of the release made, or of the current one if nothing has changed, and figures about it.

    Raises Refusal when there is no finished build, or when a gate fails; the current release then stays current.
    """
    rules = policy.load(settings.PROJECT)
    measures = catalogue.load(settings.PROJECT)
    with warehouse.connect(data, read_only=True) as source:
        build = require_current_build(source, data)
        digest = _digest(source, measures, rules)
        current = _current(data)
        if current is not None and current[1] == digest:
            return current[0], {"unchanged": True}
        name = _new_id(data)
        folder = data.releases / f".new-{name}"
        _remove_abandoned(data)
        folder.mkdir(parents=True)
        # others may pass through the data folder to the releases; they see nothing else of it
        data.root.chmod(data.root.stat().st_mode | 0o011)
        try:
            figures = _write(source, folder / FILE, name, measures, rules, digest, build, report)
            report("files")
            exporting.export(folder, [], list(IN_A_RELEASE), folder / FILES)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    for path in (folder / FILE, *(folder / FILES).iterdir()):
        path.chmod(0o444)
    folder.rename(data.releases / name)
    _point_to(data, name)
    return name, figures


def _write(source, path: Path, name: str, measures, rules, digest: str, build: dict, report) -> dict:
    """Fill the new file, run every gate on it, and record what they found. Returns figures."""
    source.execute(f"attach '{path}' as release_file")
    for measure in measures:
        # ordered by what the cell is, never by its value
        source.execute(f"""
            create table release_file.{measure.name} as select * from warehouse.marts.{measure.name}
            order by
                category_type, category, period_type, period_start, area_type, area_code, deprivation_quintile,
                sex, age_band
        """)
    union = " union all by name ".join(f"select * from {measure.name}" for measure in measures)
    source.execute(f"use release_file; create view cells as {union}; use warehouse")
    _write_catalogue(source, measures)
    _write_areas(source)
    _write_weights(source)
    derived.write(source)
    quality.write(source, rules)
    record_flows.write(source, settings.PROJECT, measures)
    cells, withheld = source.execute(
        "select count(*), count(*) filter (where status = 'c') from release_file.cells"
    ).fetchone()
    _write_description(source, name, rules, digest, build, cells, withheld)
    lost = _information_lost(source)
    source.execute("checkpoint release_file; detach release_file")
    found = checks.run_all(source, path, measures, rules, report)
    failed = [check for check in found if not check.passed]
    if failed:
        raise Refusal(
            f"no release: {failed[0].gate} check `{failed[0].name}` failed on {failed[0].subject} "
            f"({failed[0].detail}); "
            "the current release stays as it is."
        )
    _write_checks(path, found)
    _write_proof(path, found, rules, cells, withheld, lost)
    return {"cells": cells, "withheld": withheld, "checks": len(found), "attack": found[-1].detail}


def _write_catalogue(source, measures) -> None:
    """The tables `measures`, `series` and `frameworks`: the catalogue as rows."""
    rows = [
        {
            "measure": measure.name,
            **measure.texts,
            "source_extracts": ", ".join(measure.source_extracts),
            "version": catalogue.version(measure, settings.PROJECT),
            "position": measure.position,
        }
        for measure in measures
    ]
    series = [
        {
            "measure": measure.name, "category_type": line.category_type, "category": line.category,
            "label": line.label,
            "kind": line.kind, "unit": line.unit, "value_label": line.value_label, "decimals": line.decimals,
            "position": position, "headline": line.headline, "units_model": measure.units,
            "counts": levels.set_name(line.counts), "whole": levels.set_name(line.of),
        }
        for measure in measures
        for position, line in enumerate(measure.series)
    ]  # fmt: skip
    frameworks = [
        {
            "measure": measure.name, "position": position, "framework": one.name, "valid_from": one.valid_from,
            "valid_to": one.valid_to, "differs": one.differs,
        }
        for measure in measures
        for position, one in enumerate(measure.frameworks)
    ]  # fmt: skip
    schema = {"measure": pl.String, "position": pl.Int64, "framework": pl.String, "valid_from": pl.Date,
              "valid_to": pl.Date, "differs": pl.String}  # fmt: skip
    tables = {
        "measures": pl.DataFrame(rows),
        "series": pl.DataFrame(series),
        "frameworks": pl.DataFrame(frameworks, schema=schema),
    }
    for table, content in tables.items():
        source.register("content", content.to_arrow())
        source.execute(f"create table release_file.{table} as select * from content")
        source.unregister("content")


def _write_areas(source) -> None:
    """The table `areas`, with schematic outlines drawn from the small areas' centres."""
    areas = source.sql("select * from warehouse.seeds.areas").pl()
    drawn = outlines.schematic_outlines(
        areas.select("area_code", "latitude", "longitude", "parent_code").iter_rows()
    )
    shapes = pl.DataFrame(
        {"area_code": list(drawn), "outline": list(drawn.values())},
        schema={"area_code": pl.String, "outline": pl.String},
    )
    source.register("shapes", shapes.to_arrow())
    source.execute("""
        create table release_file.areas as
        select
            areas.area_code, area_type, area_name, parent_code, latitude, longitude, deprivation_decile,
            deprivation_quintile, outline, case when outline is not null then 'schematic' end as outline_kind
        from warehouse.seeds.areas left join shapes using (area_code) order by area_type, area_code
    """)
    source.unregister("shapes")


def _write_weights(source) -> None:
    """Public facts that an outsider needs to attack the standardised rates again."""
    source.execute("""
        create table release_file.standard_weights as
        select
            units_model, case when area_level = 'quintile' then 'quintile ' || area_code else area_code end as area,
            sex, age_band, coefficient, rate_grain, variance_grain
        from warehouse.disclosure.standard_weights order by all
    """)


def _write_description(source, name: str, rules, digest: str, build: dict, cells: int, withheld: int) -> None:
    source.execute(
        """
        create table release_file.release as
        select
            $name as release_id, cast($made_at as timestamp) as made_at,
            (select last_day(max(month_start)) from warehouse.staging.stg_covered_months) as data_up_to,
            area_code as place_code, area_name as place_name, $synthetic as synthetic, $policy as policy,
            $rules as rules, $build_id as build_id,
            $version as software_version, $cells::bigint as cells, $withheld::bigint as withheld,
            $digest as content_digest
        from warehouse.seeds.areas where area_type = 'place'
        """,
        {
            "name": name,
            "made_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "synthetic": build["synthetic"],
            "policy": json.dumps(rules.as_dict()),
            "build_id": build["build_id"],
            "rules": "\n".join(rules.in_words()),
            "version": __version__,
            "cells": cells,
            "withheld": withheld,
            "digest": digest,
        },
    )


def _write_checks(path: Path, found: list) -> None:
    rows = [
        {
            "gate": c.gate,
            "check_name": c.name,
            "subject": c.subject,
            "passed": c.passed,
            "detail": c.detail,
            "seconds": c.seconds,
        }
        for c in found
    ]
    content = pl.DataFrame(rows).to_arrow()  # noqa: F841  read by the query below
    with duckdb.connect(str(path)) as release:
        release.execute("create table checks as select * from content")


def _information_lost(source) -> int:
    """Percent of the information of all counts that is withheld, a count being worth log(count + 1)."""
    return source.execute("""
        with worth as (
            select ln(counted + 1) as information, decision not in ('shown', 'kept') as is_withheld
            from warehouse.disclosure.decided_cells
            where is_released and counted is not null and decision <> 'not yet known'
        )
        select cast(coalesce(100 * sum(information) filter (is_withheld) / nullif(sum(information), 0), 0) as integer)
        from worth
    """).fetchone()[0]


def _write_proof(path: Path, found: list, rules, cells: int, withheld: int, lost: int) -> None:
    """The table `proof`: what the attacks on this release come to, in shares; never how narrow a count is.

    Shares in whole percent, since a number of small counts that differs by one between releases is about somebody.
    """
    worst = next(check.figures for check in found if check.name == "worst_case")
    attacks = [check for check in found if check.gate == "attack"]
    row = {
        "cells": cells,
        "withheld": withheld,
        "information_lost_percent": lost,
        "attacks": "from_outside: bounds propagation; worst_case: bounds propagation, then exact bounds",
        "settled_by_exact_bounds_percent": int(100 * worst["settled"] / max(1, worst["attacked"])),
        # at least so many values stay possible for each of them; by how many more, nobody is told
        "least_candidates": rules.least_candidates,
        "seconds": round(sum(check.seconds for check in attacks), 3),
    }
    content = pl.DataFrame([row]).to_arrow()  # noqa: F841  read by the query below
    with duckdb.connect(str(path)) as release:
        release.execute("create table proof as select * from content")


def _digest(source, measures, rules) -> str:
    """What a release would hold, as one digest: cells, catalogue, policy and version."""
    parts = [
        __version__,
        json.dumps(rules.as_dict()),
        json.dumps(catalogue.as_vars(measures), sort_keys=True),
    ]
    parts += [json.dumps(measure.texts, sort_keys=True) + str(measure.frameworks) for measure in measures]
    parts.append(quality.digest(source, rules))
    parts.append(json.dumps(record_flows.tables(settings.PROJECT, measures), sort_keys=True))
    parts.append(
        source.execute(
            "select md5(string_agg(cast(a as varchar), '|' order by area_code)) from warehouse.seeds.areas as a"
        ).fetchone()[0]
    )
    for measure in measures:
        query = f"select bit_xor(md5_number(cast(m as varchar))) from warehouse.marts.{measure.name} as m"
        parts.append(str(source.execute(query).fetchone()[0]))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _current(data: settings.DataFolder) -> tuple[str, str] | None:
    link = data.releases / CURRENT
    path = link / FILE
    if not path.exists():
        return None
    with duckdb.connect(str(path), read_only=True) as release:
        return release.execute("select release_id, content_digest from release").fetchone()


def _new_id(data: settings.DataFolder) -> str:
    """The moment of making, in UTC; a second release within one second waits for the next."""
    while (data.releases / (name := datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S"))).exists():
        time.sleep(0.2)
    return name


def _point_to(data: settings.DataFolder, name: str) -> None:
    """Make a release current by one rename of a link."""
    link = data.releases / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(data.releases / CURRENT)


def _remove_abandoned(data: settings.DataFolder) -> None:
    for folder in data.releases.glob(".new-*"):
        shutil.rmtree(folder, ignore_errors=True)
