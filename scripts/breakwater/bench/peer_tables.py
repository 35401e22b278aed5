"""The tables on which disclosure tools were measured, and what each tool withheld of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from breakwater.disclosure import tables
from breakwater.disclosure.attack.linear import LinearSystem, Rows
from breakwater.disclosure.layout import System
from breakwater.errors import Refusal
from breakwater.settings import PROJECT

# Not part of the repository: they lie beside it, where there are any.
REFERENCE = PROJECT.parent / "shared" / "reference" / "disclosure"
FUNCTIONS = {"lsoa": ("ward", "imd"), "ward": ("loc",), "age": ("broad",)}
# table -> (microdata, cuts)
TABLES = {
    "T1": ("las", "(lsoa + ward + loc) * broad * sex"),
    "T2": ("las", "(lsoa + ward + loc) * (age + broad) * sex"),
    "T3": ("las", "(lsoa + ward + loc + imd) * (age + broad) * sex", "imd * loc * broad * sex"),
    "T7": (
        "las", "lsoa * broad * sex", "ward * (age + broad) * sex", "loc * (age + broad) * sex",
        "imd * (age + broad) * sex", "imd * loc * broad * sex", "lsoa * age", "imd * ward * broad",
    ),
    "T1Q": ("lasq", "(lsoa + ward + loc + imd) * broad * sex * quarter"),
    "T6": (
        "lpas", "(ward + loc + imd) * (age + broad) * sex", "practice * (age + broad) * sex",
        "practice * imd * broad", "lsoa * broad", "lsoa * sex",
    ),
}  # fmt: skip
# Their finest codes name an area, an age and what else there is; coarser ones stand in the same column.
AREA, AGE, REST = ("lsoa", "ward", "loc"), ("age", "broad"), ("sex", "quarter", "practice")
NO_BOUND = float(1 << 40)


@dataclass
class Table:
    """A table with all that follows from it; one value a cell of `system` each.

    published: the table's own cells. small: published cells of 1 to the threshold, which every tool withholds.
    """

    name: str
    system: System
    published: np.ndarray
    counted: np.ndarray
    small: np.ndarray


def read(folder: Path, name: str, threshold: int) -> Table:
    """Return a table of the reference; raise Refusal where the reference is not there."""
    source, *formulas = TABLES[name]
    if not (folder / f"inner_{source}.csv.gz").is_file():
        raise Refusal(
            f"inner_{source}.csv.gz is not in {folder}: without the tables on which other tools were measured there is"
            " nothing to compare with; give their folder with --reference."
        )
    cuts = set().union(*map(tables.cuts_of, formulas))
    microdata = pl.read_csv(folder / f"inner_{source}.csv.gz")
    used = set().union(*cuts)
    functions = {key: tuple(value for value in values if value in used) for key, values in FUNCTIONS.items()}
    system, published = tables.lay_out(microdata, "adm", cuts, functions)
    counted = system.cells["counted"].to_numpy()
    return Table(name, system, published, counted, published & (counted >= 1) & (counted <= threshold))


def withheld_by(folder: Path, table: Table, file: str) -> np.ndarray:
    """Return which cells the pattern in a file withholds. Raises Refusal if it is of another table."""
    pattern = pl.read_csv(folder / "peers" / file, infer_schema_length=None)
    return of_pattern(table, pattern.rename({"adm": "counted"}), file)


def of_pattern(table: Table, pattern: pl.DataFrame, said: str) -> np.ndarray:
    """Return which cells are withheld; pattern: a row a cell, a column a dimension, counted, suppressed."""
    suppressed = pl.col("suppressed").cast(pl.String).str.to_lowercase().is_in(["true", "1"])
    theirs = pattern.select("counted", name=_names(pattern), suppressed=suppressed)
    ours = pl.DataFrame({"cell": np.arange(len(table.counted)), "mine": table.counted})
    ours = ours.with_columns(name=_names(table.system.cells)).filter(pl.Series(table.published))
    both = ours.join(theirs, on="name", how="left")
    if len(theirs) != len(ours) or (both["mine"] != both["counted"].fill_null(-1)).any():
        raise Refusal(f"{said}: its cells are not those of {table.name}.")
    withheld = np.zeros(len(table.counted), bool)
    withheld[both.filter("suppressed")["cell"].to_numpy()] = True
    return withheld


def _names(cells: pl.DataFrame) -> pl.Series:
    """Name each cell by its finest codes, whichever columns they stand in: `W03:Q2|A05|F||`."""
    cells = cells.rename(
        {
            other: name
            for other, name in (("geo", "lsoa"), ("broad", "age"))
            if other in cells.columns and name not in cells.columns
        }
    )
    total = ["Total", tables.ALL]
    code = {
        name: pl.when(pl.col(name).is_in(total)).then(pl.lit("")).otherwise(name)
        if name in cells.columns
        else pl.lit("")
        for name in (*AREA, "imd", *AGE, *REST)
    }

    def finest(names: tuple[str, ...]) -> pl.Expr:
        return pl.coalesce(*(pl.when(code[name] != "").then(code[name]) for name in names), pl.lit(""))

    # an area code that crosses two stands in one column of some patterns, in two of others
    small = pl.when(code["lsoa"] != "").then(code["lsoa"])
    crossed = pl.concat_str(finest(AREA), code["imd"], separator=":").str.strip_chars(":")
    names = pl.concat_str(
        pl.coalesce(small, crossed), finest(AGE), *(code[name] for name in REST), separator="|"
    )
    return cells.select(names.alias("name"))["name"]


def linear(table: Table, low: np.ndarray, high: np.ndarray) -> LinearSystem:
    """Return the table's cells within these bounds and all its sums, for an attack."""
    system, rows = table.system, Rows()
    whole = np.arange(len(system.whole))
    owner = np.repeat(whole, np.diff(system.start))
    rows.add(
        np.concatenate([owner, whole]),
        np.concatenate([system.part, system.whole]),
        np.concatenate([np.ones(len(owner)), -np.ones(len(whole))]),
        [(0.0, 0.0)] * len(whole),
    )
    return rows.system(low.astype(float), np.minimum(high, NO_BOUND).astype(float))
