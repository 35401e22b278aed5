"""Person keys are found anywhere in bytes, and nothing else is taken for one."""

import duckdb
import pytest
from breakwater.person_keys import PersonKeys

HASH = "0123456789abcdef" * 4
OPTED_OUT = "f" * 64
TOKEN = "TESTPSEUDO0000001A"
SOME = "0a1b2c3d"


@pytest.fixture(scope="module")
def keys():
    with duckdb.connect(":memory:") as source:
        source.execute("attach ':memory:' as warehouse; create schema warehouse.landed")
        for table, held in (("one", [HASH, TOKEN]), ("another", [OPTED_OUT, HASH])):
            source.execute(f"create table warehouse.landed.{table} (person_key varchar, row integer)")
            source.executemany(f"insert into warehouse.landed.{table} values (?, 1)", [[key] for key in held])
        source.execute("insert into warehouse.landed.one values (null, 2)")
        yield PersonKeys(source)


@pytest.mark.parametrize(
    "content",
    [
        HASH,
        f"{{{OPTED_OUT}}}",
        SOME + HASH,
        HASH + SOME,
        f"x{TOKEN}y",
        HASH + HASH,
        "\0" + TOKEN + "\0",
    ],
)
def test_a_key_is_found_alone_and_among_others(keys, content):
    assert keys.held_by([content.encode()]) == [True]


@pytest.mark.parametrize(
    "content", ["", HASH[:-1], HASH[1:], HASH[:32] + " " + HASH[32:], TOKEN.lower(), "0" * 64, SOME * 40]
)
def test_what_is_no_key_is_not_taken_for_one(keys, content):
    assert keys.held_by([content.encode()]) == [False]


def test_each_content_is_told_of_by_itself(keys):
    contents = [b"nothing", TOKEN.encode(), b"\xff\xfe" + HASH.encode() + b"\xff", b"\xff" * 100]
    assert keys.held_by(contents) == [False, True, True, False]
