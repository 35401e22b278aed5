"""Released figures as files in a folder: made by the code behind the dashboards, which sees only a release."""

import sys
from pathlib import Path

from breakwater.errors import Refusal
from breakwater.releases import FILE

# The dashboards of this checkout: a copy of the project that is built from need not have any.
CHECKOUT = Path(__file__).resolve().parents[2]
SUMS = "SHA256SUMS"
SELECTABLE = ("period_type", "period_start", "area_type", "area_code", "age_band", "sex", "deprivation_quintile",
              "category_type", "category")  # fmt: skip


def export(
    folder: Path, measures: list[str], forms: list[str], out: Path, only: dict[str, list[str]] | None = None
) -> tuple[list[Path], int]:
    """Write the figures of measures in some forms, the catalogue, README.txt and SHA256SUMS; return files and figures.

    folder: of a release. measures: all if empty. only: dimension -> values that a figure must have one of.
    Each file is written whole or not at all. Raises Refusal if the release has no such measure or value, or
    `out` cannot be written.
    """
    exports, Release = _behind_the_wall()
    release = Release((folder / FILE).resolve())
    try:
        return _export(exports, release, measures, forms, out, only or {})
    except OSError as problem:
        raise Refusal(f"cannot write into {out}: {problem.strerror}.") from None
    finally:
        release.close()


def _export(exports, release, measures: list[str], forms: list[str], out: Path, only: dict[str, list[str]]):
    known = [one["measure"] for one in release.measures]
    if unknown := [name for name in measures if name not in known]:
        raise Refusal(f"the release has no measure {unknown[0]!r}; it has {', '.join(known)}.")
    wanted = [name for name in known if not measures or name in measures]
    selected = {name: _selection(release, name, only) for name in wanted}
    wanted = [name for name in wanted if selected[name] is not None]
    if not wanted:
        raise Refusal("no figure has all the values asked for together; ask for fewer of them.")
    figures: dict[str, int] = {}

    def count(taken) -> None:
        figures[taken.measure] = taken.figures

    out.mkdir(parents=True, exist_ok=True)
    # One measure at a time: the files of a whole place need not be in memory together.
    sums = {
        file.name: _write(file, out)
        for name in wanted
        for form in forms
        for file in exports.make(release, form, name, selected[name], told=count)
    }
    sums |= {file.name: _write(file, out) for file in exports.papers(release)}
    _write(exports.File(SUMS, _sums(out, sums)), out)
    return [out / name for name in [*sums, SUMS]], sum(figures.values())


def _behind_the_wall():
    """Return the exports and the class of a release, which see nothing of the pipeline."""
    if str(CHECKOUT) not in sys.path:
        sys.path.append(str(CHECKOUT))
    from dashboards import exports
    from dashboards.release import Release

    return exports, Release


def _selection(release, measure: str, only: dict[str, list[str]]) -> dict[str, list] | None:
    """Return the values asked for as the release has them; None if it has none of them in this measure.

    Raises Refusal on a dimension that no figure has, and on a value that no measure has.
    """
    found = {}
    for dimension, values in only.items():
        if dimension not in SELECTABLE:
            raise Refusal(f"figures have no {dimension!r} to select by; there are {', '.join(SELECTABLE)}.")
        there = {str(value): value for value in release.values(measure, dimension)}
        everywhere = {str(v) for one in release.measures for v in release.values(one["measure"], dimension)}
        if unknown := [value for value in values if value not in everywhere]:
            some = ", ".join(sorted(everywhere)[:12])
            raise Refusal(f"no figure has {dimension} {unknown[0]!r}; there are {some}.")
        found[dimension] = [there[value] for value in values if value in there]
    if not all(found.values()) or (found and not release.cells(measure=measure, **found)):
        return None
    return found


def _write(file, out: Path) -> str:
    """Write a file in one rename, so that a script that fetches it never sees half of one; return its SHA-256."""
    from hashlib import sha256

    beside = out / f".{file.name}.part"
    beside.write_bytes(file.data)
    beside.replace(out / file.name)
    return sha256(file.data).hexdigest()


def _sums(out: Path, written: dict[str, str]) -> bytes:
    """Return the checksums of what was written, and of what an earlier export left in the folder."""
    found: dict[str, str] = {}
    if (out / SUMS).exists():
        pairs = (line.split("  ", 1) for line in (out / SUMS).read_text().splitlines())
        found = {name: digest for digest, name in pairs if (out / name).exists()}
    return "".join(f"{digest}  {name}\n" for name, digest in {**found, **written}.items()).encode()
