"""Run Great Expectations suites, which are data (`expectations/suites/*.yml`), over a table or query.

Great Expectations takes seconds to import: it is imported by the first run only, and its start-up is timed
apart, less what other threads did meanwhile. It sees rows through a cursor of the connection it is given, so that
no row is written anywhere for it.
Results are kept without any unexpected value (BOOLEAN_ONLY).
"""

import logging
import os
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import yaml

from breakwater.errors import Refusal
from breakwater.settings import PROJECT

SUITES = PROJECT / "expectations" / "suites"


@dataclass(frozen=True)
class Result:
    """One expectation's outcome; column_name is empty where it is about whole rows or the table."""

    expectation: str
    column_name: str
    passed: bool
    checked: int  # rows

    def __str__(self) -> str:
        return f"{self.expectation} ({self.column_name})" if self.column_name else self.expectation


class Expectations:
    """One ephemeral Great Expectations context, for all suites of a run over one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection.cursor()
        self.start_up = 0.0  # seconds, until the first suite could run, in which nothing else was done
        self._one_at_a_time = threading.Lock()
        self._suites: dict[Path, Any] = {}
        self._batches: dict[str, Any] = {}

    def run(self, suite: Path, query: str) -> list[Result]:
        """Return one result an expectation of the suite, over the rows of a query.

        The query names its tables in full (database, schema, table). Raises Refusal when an expectation
        could not be evaluated, for then nothing is known. Threads may call it; they wait for one another.
        """
        with self._one_at_a_time:
            return self._run(suite, query)

    def _run(self, suite: Path, query: str) -> list[Result]:
        checked = self.connection.execute(f"select count(*) from ({query})").fetchone()[0]
        _ = self._source
        if suite not in self._suites:
            self._suites[suite] = _suite(suite)
        if query not in self._batches:
            asset = self._source.add_query_asset(f"rows-{len(self._batches)}", query=query)
            self._batches[query] = asset.add_batch_definition_whole_table("rows")
        outcome = self._batches[query].get_batch().validate(self._suites[suite], result_format="BOOLEAN_ONLY")
        results = []
        for result in outcome.results:
            named = result.expectation_config
            told = named.notes if isinstance(named.notes, str) else named.type
            if result.exception_info.get("raised_exception", True):
                raise Refusal(f"{suite.name}: '{told}' cannot be evaluated; mend the suite")
            results.append(Result(told, named.kwargs.get("column") or "", bool(result.success), checked))
        return results

    def start(self) -> None:
        """Start Great Expectations now rather than with the first suite."""
        _ = self._source

    @cached_property
    def _source(self):
        start, alone, of_all = time.perf_counter(), time.thread_time(), time.process_time()
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        import great_expectations
        from duckdb_sqlalchemy import ConnectionWrapper
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
        )

        stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)  # else it leaves a folder in /tmp
        context = great_expectations.get_context(
            mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=stores)
        )
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_sql(
            "breakwater",
            connection_string="duckdb:///:memory:",
            # Without these settings every query expectation fails: the driver begins transactions of its own.
            kwargs={
                "creator": lambda: ConnectionWrapper(self.connection.cursor()),
                "isolation_level": "AUTOCOMMIT",
                "skip_autocommit_rollback": True,
                "pool_reset_on_return": None,
            },
        )
        elsewhere = (time.process_time() - of_all) - (time.thread_time() - alone)
        self.start_up = max(0.0, time.perf_counter() - start - elsewhere)
        return source


def run_suite(suite: Path, database: Path, query: str) -> list[Result]:
    """Run a suite over a query of a DuckDB file, opened read-only; its tables are named in the query as
    `subject.<schema>.<table>`, for example `select * from subject.main.cells`."""
    with duckdb.connect(":memory:") as connection:
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' as subject (read_only)")
        return Expectations(connection).run(suite, query)


def _suite(path: Path):
    import great_expectations
    from great_expectations import expectations as kinds

    built = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["expectations"]:
        kind = getattr(kinds, entry["expectation"], None)
        if kind is None:
            raise Refusal(f"{path.name}: there is no expectation '{entry['expectation']}'")
        built.append(kind(**entry.get("kwargs", {}), notes=entry.get("says", entry["expectation"])))
    return great_expectations.ExpectationSuite(path.stem, expectations=built)
