"""The manifest beside an extract: what the sender says it is, so that the gate can hold it to that."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from breakwater.errors import Refusal

SUFFIX = ".manifest.json"
KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Manifest:
    """Layout, period (first and last day), rows, digest and key id of one pseudonymised file."""

    extract: str
    layout: str
    period_start: date
    period_end: date
    key_id: str
    rows: int | None = None  # None: the sender did not say
    sha256: str | None = None
    made_at: str | None = None
    # Says, to the holder of the key only, what the file was made from: see pseudonyms.transform.
    source_digest: str | None = None


def manifest_path(path: Path) -> Path:
    """Return where the manifest of an extract stands: same folder, same stem."""
    return path.with_name(path.stem + SUFFIX)


def read_manifest(path: Path) -> Manifest | None:
    """Return the manifest beside an extract, or None when there is none.

    Raises Refusal when it cannot be read or lacks a field.
    """
    beside = manifest_path(path)
    if not beside.exists():
        return None
    try:
        told = json.loads(beside.read_text(encoding="utf-8"))
        known = {field.name for field in fields(Manifest)}
        values = {name: value for name, value in told.items() if name in known}
        values |= {name: date.fromisoformat(told[name]) for name in ("period_start", "period_end")}
        manifest = Manifest(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refusal(
            f"{beside.name} is not a manifest with its fields: ask the sender for it again"
        ) from None
    check(manifest, beside.name)
    return manifest


def check(manifest: Manifest, name: str) -> None:
    """Raise Refusal when the period or the key id cannot be right."""
    if manifest.period_end < manifest.period_start:
        raise Refusal(f"{name}: the period ends before it begins")
    if not KEY_ID.fullmatch(str(manifest.key_id)):
        raise Refusal(f"{name}: the key id is not a short name of letters, digits, dots and dashes")


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write the manifest beside the extract, in one rename."""
    values = {name: value for name, value in asdict(manifest).items() if value is not None}
    beside = manifest_path(path)
    new = beside.with_suffix(".part")
    new.write_text(json.dumps(values, indent=2, default=str) + "\n", encoding="utf-8")
    new.replace(beside)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
