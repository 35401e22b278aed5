"""The bytes of an offered file, taken once: what is digested is what is searched, checked and landed."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from breakwater.manifest import sha256_of

PIECE = 1 << 20  # bytes


@dataclass
class Content:
    """A file as offered (`path`), where its bytes are read from (`source`), and their SHA-256 in hex.

    Parquet is read column by column, over and over, which is fast where a column is a dictionary. So that nobody can
    change it between two readings, its bytes are held in memory, in a file without a name that ends with this process.
    `is_held` says so: where it is false, the rows must be read once and for all.
    """

    path: Path
    source: Path
    sha256: str
    is_held: bool = False
    handle: int | None = None

    @classmethod
    def of(cls, path: Path) -> "Content":
        """Take the bytes of a file; only their digest where it is no Parquet, or the system has no such memory."""
        if path.suffix.lower() != ".parquet" or not _has_nameless_files():
            return cls(path, path, sha256_of(path))
        digest = hashlib.sha256()
        handle = os.memfd_create("offer")
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                while piece:
                    piece = piece[os.write(handle, piece) :]
        return cls(path, Path(f"/proc/self/fd/{handle}"), digest.hexdigest(), True, handle)

    def close(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def _has_nameless_files() -> bool:
    return hasattr(os, "memfd_create") and Path("/proc/self/fd").exists()
