"""Single broken rows in a good file go aside with line and reason; where that is not sound, the file is refused."""

import json

import pytest
from breakwater.gate import broken_rows

from tests.gate import place

OPTIONS = ["--extract", "gp_registrations", "--layout", "gp_registrations/1"]
OPTIONS += ["--period", *place.PERIOD, "--key-id", place.KEY_ID]


@pytest.fixture
def land(breakwater, extracts):
    """Land the registrations with some of their lines changed (by number: 1 is the header), without a manifest."""
    path = extracts["gp_registrations"]
    path.with_name(path.stem + ".manifest.json").unlink()

    def with_lines(changed: dict[int, bytes], end: bytes = b"\n"):
        lines = path.read_bytes().splitlines()
        for number, line in changed.items():
            lines[number - 1] = line
        path.write_bytes(b"\n".join(lines) + end)
        return breakwater("land", path, *OPTIONS)

    with_lines.line = lambda number: path.read_bytes().splitlines()[number - 1]
    return with_lines


def short(line: bytes) -> bytes:
    return line.rpartition(b",")[0]


BROKEN = {
    "short": (short, broken_rows.FEWER),
    "long": (lambda line: line + b",A", broken_rows.MORE),
    "two in one": (lambda line: line + line, broken_rows.MORE),
    "no text": (lambda line: line.replace(b"F81001", b"F8100\xe9"), broken_rows.NO_TEXT),
    "blanks": (lambda line: b"   ", broken_rows.FEWER),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("number", [2, 20])
def test_a_broken_row_goes_aside_and_the_others_keep_their_lines(land, query, kind, number):
    change, reason = BROKEN[kind]
    names = [land.line(line).split(b",")[0].decode() for line in range(2, 42)]
    result = land({number: change(land.line(number))})
    assert result.exit_code == 0, result.output
    assert query("select line, column_name, reason from ledger.quarantine") == [(number, "the row", reason)]
    # nothing of what stood in it is kept
    (kept,) = query("select row_content from ledger.quarantine")[0]
    assert set(json.loads(kept).values()) == {None}
    good = [(line, name) for line, name in enumerate(names, 2) if line != number]
    assert query("select _line, registration_id from landed.gp_registrations order by _line") == good
    assert query("select offered, accepted, quarantined from ledger.files") == [(40, 39, 1)]


def test_a_separator_at_the_end_and_empty_lines_are_nothing_whoever_reads_them(land, query):
    """Other rows are read in the same way whether a row among them is broken or not."""
    for number, expected in ((None, 40), (30, 39)):
        changed = {5: land.line(5).rstrip(b",") + b",,", 8: land.line(8) + b"\n", 9: land.line(9) + b"\r"}
        result = land(changed if number is None else {number: short(land.line(number))})
        assert result.exit_code == 0, result.output
        assert query("select count(*), min(_line), max(_line) from landed.gp_registrations") == [
            (expected, 2, 41)
        ]


def test_two_broken_rows_are_within_the_limit_and_three_are_not(land, query, breakwater):
    kinds = [short(land.line(3)), land.line(4) + b",9", land.line(5).replace(b"F81001", b"\xff")]
    result = land({3: kinds[0], 4: kinds[1]})  # 2 of 40: just the limit of 5%
    assert result.exit_code == 0, result.output
    result = land({5: kinds[2]})
    assert result.exit_code == 1
    assert (
        "3 of 40 rows break the contract, more than 5%; most often the row has fewer columns" in result.output
    )
    assert query("select count(*) from ledger.quarantine") == [(2,)]
    assert "The sums agree." in breakwater("status").output


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        (place.NUMBERS[3].encode(), "an NHS number"),
        (b"ada@example.org", "an e-mail address"),
        (b"SS1 1AA", "a postcode"),
        ("Zoë Plantéd".encode("latin-1"), "free text or a name"),
    ],
)
def test_an_identity_in_a_broken_row_refuses_the_file_and_nothing_of_it_is_kept(
    land, data, query, identity, kind
):
    result = land({7: land.line(7) + b"," + identity})
    assert result.exit_code == 1
    assert f"column (a broken row), line 7 holds {kind} (1 rows)" in result.output
    assert identity.decode("latin-1") not in result.output
    assert query("select count(*) from landed.gp_registrations") == [(0,)]
    assert query("select count(*) from ledger.quarantine") == [(0,)]
    kept = [
        path
        for path in data.root.rglob("*")
        if path.is_file()
        and not path.is_relative_to(data.extracts)
        and not path.is_relative_to(data.provider)
    ]
    assert kept and not any(identity in path.read_bytes() for path in kept)


UNSOUND = {
    "the last row cut off": lambda line: {41: line(41)[:40]},
    "the last row without its last field": lambda line: {41: short(line(41))},
    "a quote that does not end": lambda line: {5: b'"' + line(5)},
    "a quote that swallows rows": lambda line: {5: b'"' + line(5), 9: line(9) + b'"'},
    "a broken row and a record of two lines": lambda line: {3: short(line(3)), 5: b'"a', 6: b'b",,,,,,,,'},
    "a broken row and a quote that ends too early": lambda line: {3: short(line(3)), 5: b'"a"' + line(5)},
}


@pytest.mark.parametrize("kind", UNSOUND)
def test_what_may_have_swallowed_rows_refuses_the_file(land, query, breakwater, kind):
    result = land(UNSOUND[kind](land.line), end=b"")
    assert result.exit_code == 1 and result.output.count("\n") == 2, result.output
    assert "not as many columns as the header" in result.output or "is not comma-separated" in result.output
    assert query("select outcome, accepted, quarantined from ledger.files") == [("refused", 0, 0)]
    assert "The sums agree." in breakwater("status").output


def test_a_large_file_is_read_some_rows_at_a_time(land, query, monkeypatch):
    monkeypatch.setattr(broken_rows, "CHUNK", 7)
    numbers = (8, 22)  # the last of a part, and the first of one
    assert land({number: short(land.line(number)) for number in numbers}).exit_code == 0
    assert query("select line from ledger.quarantine order by 1") == [(8,), (22,)]
    assert query("select count(*), sum(_line) from landed.gp_registrations") == [(38, sum(range(2, 42)) - 30)]


@pytest.mark.parametrize(("mark", "word"), [(b";", "semicolons"), (b"\t", "tabs"), (b"|", "vertical bars")])
def test_another_separator_is_named(breakwater, extracts, query, mark, word):
    path = extracts["gp_registrations"]
    path.write_bytes(path.read_bytes().replace(b",", mark))
    path.with_name(path.stem + ".manifest.json").unlink()
    result = breakwater("land", path, *OPTIONS)
    assert result.exit_code == 1
    assert f"{path.name} is separated by {word}: ask the sender for it with commas" in result.output
    assert query("select outcome, offered from ledger.files") == [("refused", 40)]
