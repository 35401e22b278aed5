"""Systems from plain tables: the cells and sums of any cuts, and those of the reference tables."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from breakwater.disclosure import protect, tables
from breakwater.settings import PROJECT

from tests.disclosure.tiny import POLICY

REFERENCE = PROJECT.parent / "shared" / "reference" / "disclosure"
FUNCTIONS = {"lsoa": ("ward", "imd"), "ward": ("loc",), "age": ("broad",)}


def small_table() -> pl.DataFrame:
    """Four small areas in two wards and two quintiles, by two ages of one broad band, by sex."""
    rows = [
        (
            area,
            f"W{(number) // 2}",
            f"Q{number % 2}",
            age,
            "B",
            sex,
            (number + 3 * len(age) + (sex == "F")) % 9,
        )
        for number, area in enumerate("abcd")
        for age, sex in product(("y", "old"), "FM")
    ]
    columns = ["lsoa", "ward", "imd", "age", "broad", "sex", "n"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_a_formula_means_each_factor_with_its_total():
    assert tables.cuts_of("(ward + loc) * sex") == {
        frozenset(names) for names in ((), ("ward",), ("loc",), ("sex",), ("ward", "sex"), ("loc", "sex"))
    }
    with pytest.raises(ValueError, match="names"):
        tables.cuts_of("ward - loc")


def test_every_sum_of_a_laid_out_table_holds_and_every_cell_comes_from_the_finest_level():
    cuts = (
        tables.cuts_of("(lsoa + ward) * broad * sex")
        | tables.cuts_of("lsoa * age")
        | tables.cuts_of("imd * sex")
    )
    functions = {"lsoa": ("ward", "imd"), "age": ("broad",)}
    system, published = tables.lay_out(small_table(), "n", cuts, functions)
    counted = system.cells["counted"].to_numpy()
    sums = np.add.reduceat(counted[system.part], system.start[:-1])
    assert (sums == counted[system.whole]).all()
    finest = [name for name in ("lsoa", "age", "sex")]
    base = system.cells.filter(pl.all_horizontal(pl.col(name) != "all" for name in finest))
    assert len(base) == 16
    # every other cell is the whole of a relation, and its parts lead down to the finest level
    assert set(system.whole) == set(range(len(counted))) - set(base["cell"])
    assert published.sum() == (4 + 2 + 1) * 2 * 3 + (4 + 1) * 2 + (2 * 2 + 2), (
        "each cell once, whichever cuts hold it"
    )


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables are not at ../shared/reference")
def test_the_reference_table_has_its_cells_and_loses_fewer_than_every_peer():
    microdata = pl.read_csv(REFERENCE / "inner_las.csv.gz")
    cuts = tables.cuts_of("(lsoa + ward + loc) * broad * sex")
    system, published = tables.lay_out(microdata, "adm", cuts, FUNCTIONS)
    counted = system.cells["counted"].to_numpy()
    small = (counted >= 1) & (counted <= POLICY.threshold) & published
    assert (published.sum(), small.sum()) == (2322, 241)
    result = protect.protect(system, protect.no_sums(), small, published, POLICY)
    assert (result.status == protect.COMPLEMENTARY).sum() < 189
