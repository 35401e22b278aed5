"""Whether bytes hold a person key of the warehouse: what could be one is looked up among all keys."""

import re

import duckdb
import polars as pl

# Runs of letters and digits that could hold a pseudonym, whole or beside others: contracts ask for 16 or more.
RUN = re.compile(rb"[A-Za-z0-9]{16,}")


class PersonKeys:
    """The person keys of all landed rows, outdated ones and those of people who opted out too."""

    def __init__(self, source: duckdb.DuckDBPyConnection) -> None:
        """source: a connection with the warehouse attached as `warehouse`."""
        self._source = source
        tables = source.execute(
            "select schema_name || '.' || table_name from duckdb_columns() where database_name = 'warehouse' "
            "and schema_name in ('landed', 'outdated') and column_name = 'person_key'"
        ).fetchall()
        self._landed = " union all ".join(f"select person_key from warehouse.{table}" for (table,) in tables)
        lengths = source.execute(
            f"select distinct length(person_key) from ({self._landed}) where person_key is not null"
        )
        self._lengths = sorted(length for (length,) in lengths.fetchall())

    def held_by(self, contents: list[bytes]) -> list[bool]:
        """Tell of each content whether it holds a key, anywhere."""
        pieces = [self._pieces(content) for content in contents]
        sought = pl.DataFrame({"piece": sorted(set().union(*pieces))}, schema={"piece": pl.String})
        self._source.register("sought", sought.to_arrow())
        found = self._source.execute(
            f"select distinct piece from ({self._landed}) inner join sought on person_key = piece"
        ).fetchall()
        self._source.unregister("sought")
        keys = {key for (key,) in found}
        return [not keys.isdisjoint(mine) for mine in pieces]

    def _pieces(self, content: bytes) -> set[str]:
        """Return every piece of the content that is as long as a key."""
        runs = {match.group().decode() for match in RUN.finditer(content)}
        return {
            run[start : start + length]
            for run in runs
            for length in self._lengths
            for start in range(len(run) - length + 1)
        }
