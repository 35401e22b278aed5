"""Where the rows of one offer stand while the gate looks at them: in the memory of the connection, nowhere else."""

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Workspace:
    """Tables of one offer, in a schema of their own beside the warehouse, so that two offers never meet.

    offered: the file as text, in its order. odd: its odd values. broken: line and reason of rows that no fields can be
    read from, where there are any. faults: line, column and reason of bad rows. accepted: a view of the rest in
    the landed form. first_line: the line of the first row as a reader of the
    file counts: 2 below the header of a CSV file, 1 in Parquet.
    """

    name: str
    first_line: int

    @classmethod
    def of(cls, path: Path, name: str) -> "Workspace":
        return cls(name, 1 if path.suffix.lower() == ".parquet" else 2)

    @property
    def offered(self) -> str:
        return f"memory.{self.name}.offered"

    @property
    def odd(self) -> str:
        return f"memory.{self.name}.odd"

    @property
    def broken(self) -> str:
        return f"memory.{self.name}.broken"

    @property
    def broken_rows(self) -> "Workspace":
        """The workspace of the fields of broken rows, which belong to no column."""
        return Workspace(f"{self.name}_broken", self.first_line)

    @property
    def faults(self) -> str:
        return f"memory.{self.name}.faults"

    @property
    def accepted(self) -> str:
        return f"memory.{self.name}.accepted"

    @property
    def line(self) -> str:
        """SQL for the line of a row of `offered`: the engine numbers the rows of a table as they came in."""
        return f"(rowid + {self.first_line})"

    def open(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(f"create schema memory.{self.name}")

    def clear(self, connection: duckdb.DuckDBPyConnection) -> None:
        for name in (self.name, self.broken_rows.name):
            connection.execute(f"drop schema if exists memory.{name} cascade")
