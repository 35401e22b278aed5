"""Where things are: the project's own folders and the data folder, which holds everything generated."""

import os
from dataclasses import dataclass
from pathlib import Path

# A dbt project elsewhere (a copy with a measure more, say) is named by BREAKWATER_PROJECT.
PROJECT = Path(os.environ.get("BREAKWATER_PROJECT") or Path(__file__).resolve().parents[2]).resolve()


@dataclass(frozen=True)
class DataFolder:
    """The folder given by `--data` or BREAKWATER_DATA; `data/` of the project otherwise."""

    root: Path

    @property
    def provider(self) -> Path:
        """Identifiable synthetic extracts, the key and the postcode lookup: stands for the providers' side."""
        return self.root / "provider"

    @property
    def extracts(self) -> Path:
        """Pseudonymised extracts with their manifests, as a provider would send them."""
        return self.root / "extracts"

    @property
    def warehouse(self) -> Path:
        """The row store. Person-level; dashboards and exports never open it."""
        return self.root / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """One folder a release, and `current`, a link to the one that is served."""
        return self.root / "releases"

    @property
    def temporary(self) -> Path:
        """Scratch space of running commands; nothing in it outlives them."""
        return self.root / "tmp"


def data_folder(path: str | Path | None = None) -> DataFolder:
    """Return the data folder: the path given, else BREAKWATER_DATA, else `data/` in the project."""
    return DataFolder(Path(path or os.environ.get("BREAKWATER_DATA") or PROJECT / "data").resolve())
