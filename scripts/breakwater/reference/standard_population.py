"""Build the standard population seed: the European Standard Population 2013 in nineteen age bands."""

from pathlib import Path

from breakwater.reference import files, seed
from breakwater.reference.population import BANDS

COLUMNS = ("age_band", "european_standard_population_2013")


def build(folder: Path) -> str:
    """Return the text of seeds/standard_population.csv."""
    published = {
        r["age_band"]: r["esp2013"] for r in files.table(folder, "age_band", "esp2013", rows=len(BANDS))
    }
    return seed.text(COLUMNS, [dict(zip(COLUMNS, (b, published[b]), strict=True)) for b in BANDS])


if __name__ == "__main__":
    seed.rebuild("standard_population", build)()
