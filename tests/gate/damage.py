"""Ways in which files arrive broken: each takes the bytes of a CSV file, or writes a Parquet file, from a seed."""

import random
from pathlib import Path

import duckdb


def _lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")


def _at(content: bytes, rng: random.Random, put: bytes) -> bytes:
    place = rng.randint(0, len(content))
    return content[:place] + put + content[place:]


def _line(content: bytes, rng: random.Random, change) -> bytes:
    lines = _lines(content)
    place = rng.randrange(1, max(len(lines) - 1, 2))
    return b"\n".join([*lines[:place], *change(lines[place]), *lines[place + 1 :]])


def _header(content: bytes, change) -> bytes:
    header, _, rest = content.partition(b"\n")
    return b",".join(change(header.split(b","))) + b"\n" + rest


def _as_text(content: bytes, encoding: str) -> bytes:
    return content.decode().replace("F81001", "F8100é").encode(encoding, "replace")


CSV = {
    "as it was": lambda c, r: c,
    "empty": lambda c, r: b"",
    "one byte": lambda c, r: bytes([r.randint(0, 255)]),
    "header only": lambda c, r: _lines(c)[0],
    "truncated": lambda c, r: c[: r.randint(0, len(c))],
    "beginning cut off": lambda c, r: c[r.randint(1, len(c)) :],
    "UTF-16": lambda c, r: _as_text(c, "utf-16"),
    "Latin-1": lambda c, r: _as_text(c, "latin-1"),
    "byte order mark": lambda c, r: b"\xef\xbb\xbf" + c,
    "semicolons": lambda c, r: c.replace(b",", b";"),
    "tabs": lambda c, r: c.replace(b",", b"\t"),
    "pipes": lambda c, r: c.replace(b",", b"|"),
    "Windows line ends": lambda c, r: c.replace(b"\n", b"\r\n"),
    "old Mac line ends": lambda c, r: c.replace(b"\n", b"\r"),
    "no header": lambda c, r: c.partition(b"\n")[2],
    "a column name twice": lambda c, r: _header(c, lambda names: [*names[:-1], names[0]]),
    "header in capitals": lambda c, r: _header(c, lambda names: [name.upper() for name in names]),
    "blanks in the header": lambda c, r: _header(c, lambda names: [b" " + name + b"  " for name in names]),
    "columns in another order": lambda c, r: _header(c, lambda names: names[::-1]),
    "a column missing": lambda c, r: b"\n".join(line.rpartition(b",")[0] for line in _lines(c)),
    "a column more": lambda c, r: b"\n".join(line + b",x" for line in _lines(c) if line),
    "a quote that does not end": lambda c, r: _line(c, r, lambda line: [b'"' + line]),
    "a quote in a field": lambda c, r: _line(c, r, lambda line: [line.replace(b",", b',a"b', 1)]),
    "a short row": lambda c, r: _line(c, r, lambda line: [line.rpartition(b",")[0]]),
    "a long row": lambda c, r: _line(c, r, lambda line: [line + b",,"]),
    "an empty row": lambda c, r: _line(c, r, lambda line: [b"", line]),
    "a row of blanks": lambda c, r: _line(c, r, lambda line: [b" " * 20, line]),
    "a row twice": lambda c, r: _line(c, r, lambda line: [line, line]),
    "two rows in one": lambda c, r: _line(c, r, lambda line: [line + line]),
    "a comment": lambda c, r: _line(c, r, lambda line: [b"# 40 rows", line]),
    "a line end in a field": lambda c, r: _line(c, r, lambda line: [b'"a', b'b"' + line]),
    "a NUL byte": lambda c, r: _at(c, r, b"\0"),
    "NUL bytes for a field": lambda c, r: _line(c, r, lambda line: [b"\0" * 8 + line]),
    "bytes of no text": lambda c, r: _at(c, r, bytes([0xC3, 0x28, 0xFF])),
    "bytes turned": lambda c, r: bytes(b ^ (0x20 if r.random() < 0.002 else 0) for b in c),
    "a very long field": lambda c, r: _line(c, r, lambda line: [b"9" * r.choice([1_000, 300_000, 3_000_000]) + line]),
    "emoji": lambda c, r: _at(c, r, "\U0001f600".encode()),
    "text of the other direction": lambda c, r: _at(c, r, "\u202eabc".encode()),
    "SQL": lambda c, r: _line(c, r, lambda line: [b"'; drop table ledger.files; --" + line]),
    "a formula": lambda c, r: _line(c, r, lambda line: [b"=1+1" + line]),
    "a web page": lambda c, r: b"<html><body>503</body></html>\n" + c[:100],
    "compressed": lambda c, r: __import__("gzip").compress(c),
    "shuffled rows": lambda c, r: b"\n".join([_lines(c)[0], *r.sample(_lines(c)[1:], len(_lines(c)) - 1)]),
}  # fmt: skip


def _parquet(path: Path, select: str, target: Path) -> None:
    duckdb.execute(f"copy (select {select} from read_csv('{path}', all_varchar = true)) to '{target}'")


def _one(columns: list[str], rng: random.Random, value: str) -> str:
    column = rng.choice(columns)
    return f"* replace ({value.format(column)} as {column})"


TYPED = {
    "text": lambda c, r: "*",
    "a column of numbers": lambda c, r: _one(c, r, "row_number() over ()"),
    "a column of fractions": lambda c, r: _one(c, r, "random()"),
    "a column of nothing": lambda c, r: _one(c, r, "null::integer"),
    "a column of booleans": lambda c, r: _one(c, r, "true"),
    "a column of days": lambda c, r: _one(c, r, "date '2012-05-01'"),
    "a column of times": lambda c, r: _one(c, r, "timestamp '2012-05-01 10:11:12'"),
    "a column of lists": lambda c, r: _one(c, r, "[{0}, {0}]"),
    "a column of records": lambda c, r: _one(c, r, "{{'a': {0}}}"),
    "a column of maps": lambda c, r: _one(c, r, "map(['k'], [{0}])"),
    "a column of bytes": lambda c, r: _one(c, r, "'\\xAA\\xBB'::blob"),
    "a column missing": lambda c, r: f"* exclude ({r.choice(c)})",
    "a column more": lambda c, r: "*, 1 as extra",
    "no rows": lambda c, r: "* limit 0",
}
BROKEN = {
    "truncated": lambda content, r: content[: r.randint(0, len(content) - 1)],
    "bytes turned": lambda content, r: bytes(b ^ (0xFF if r.random() < 0.001 else 0) for b in content),
    "the end cut": lambda content, r: content[: -r.randint(1, 12)],
    "the middle cut": lambda content, r: content[: len(content) // 3] + content[len(content) // 2 :],
}


def damage_csv(source: Path, target: Path, rng: random.Random, kind: str) -> Path:
    target.write_bytes(CSV[kind](source.read_bytes(), rng))
    return target


def damage_parquet(source: Path, target: Path, rng: random.Random, kind: str) -> Path:
    """Write a Parquet file of odd types, or break a good one."""
    columns = [row[0] for row in duckdb.execute(f"describe from '{source}'").fetchall()]
    select = TYPED[kind](columns, rng) if kind in TYPED else "*"
    limit = " limit 0" if "limit" in select else ""
    _parquet(source, select.replace(" limit 0", ""), target) if not limit else duckdb.execute(
        f"copy (from read_csv('{source}', all_varchar = true) limit 0) to '{target}'"
    )
    if kind in BROKEN:
        target.write_bytes(BROKEN[kind](target.read_bytes(), rng))
    return target
