"""tau-Argus, rerun beside ours: its modular method on one table of strict hierarchies."""

import contextlib
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import polars as pl

from breakwater.errors import Refusal

# What its modular and its optimal method are told: five minutes at most, and singletons looked after.
METHODS = {"modular": "MOD(1,5,1,1,1)", "optimal": "OPT(1,5)"}


def version() -> str:
    """Return the version of the package that brings the engine; raise Refusal if it is not installed."""
    try:
        import pytauargus
    except ImportError:
        raise Refusal("pytauargus is not installed; run `make check` once, which installs it.") from None
    return pytauargus.__version__


def protect(microdata: pl.DataFrame, age: str, threshold: int, method: str) -> tuple[pl.DataFrame, float]:
    """Return what tau-Argus withholds of small area x age x sex, with all totals, and its seconds.

    microdata: a row a combination with its count `adm`. age: `broad`, or `age` below it. The pattern has a row a cell:
    the three dimensions, counted, suppressed. Its engine takes units, so each one counted is a row; seconds are of one
    processor, and hold the reading of those rows, as the engine cannot be run without.
    """
    import pytauargus
    from pytauargus.hrc import write_hrc

    rows = np.repeat(np.arange(len(microdata)), microdata["adm"].to_numpy())
    units = microdata[rows].with_columns(n=pl.lit(1))
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        columns = {
            name: units[name].to_list() for name in ("lsoa", "ward", "loc", "age", "broad", "sex", "n")
        }
        hierarchies = {
            "lsoa": write_hrc(columns, ["lsoa", "ward", "loc"], hrc_filename=str(Path(scratch) / "geo.hrc"))
        }
        if age == "age":
            hierarchies["age"] = write_hrc(
                columns, ["age", "broad"], hrc_filename=str(Path(scratch) / "age.hrc")
            )
        kept = {name: columns[name] for name in ("lsoa", age, "sex", "n")}
        begun = time.process_time()
        with contextlib.chdir(scratch):  # its solvers write where they stand
            result = pytauargus.protect(
                kept, ["lsoa", age, "sex"], "n", safety_rules=f"FREQ({threshold + 1},30)", suppress=METHODS[method],
                hrc=hierarchies, hierleadstring="@", totcode="Total", workdir=scratch,
            )  # fmt: skip
        seconds = time.process_time() - begun
        cells = pl.DataFrame(result.tables[0].rows)
    cells = cells.with_columns(
        counted=pl.col("n").cast(pl.Int64), suppressed=pl.col("status").is_in(["U", "M"])
    )
    return cells.select("lsoa", age, "sex", "counted", "suppressed"), seconds
