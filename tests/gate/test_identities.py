"""The gate refuses identities, whole, and keeps nothing of them; what merely looks like one passes."""

import pytest
from breakwater.gate.contract import contracts
from breakwater.gate.values import conforms

from tests.gate import place
from tests.gate.conftest import as_parquet, rewrite, rows_of

NUMBER = place.NUMBERS[17]
SPACED = f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"

# kind as the gate says it; extract, column and value that is planted
PLANTED = [
    ("an NHS number", "gp_registrations", "registration_id", NUMBER),
    ("an NHS number", "gp_registrations", "person_key", NUMBER),
    ("an NHS number", "gp_registrations", "person_key", NUMBER.zfill(18)),
    ("an NHS number", "gp_registrations", "practice_code", SPACED),
    ("an NHS number", "gp_registrations", "ethnic_group", SPACED.replace(" ", "-")),
    ("an NHS number", "gp_registrations", "lsoa_code", f"no {NUMBER}, seen"),
    ("an NHS number", "gp_registrations", "lsoa_code", f"NHS{NUMBER}"),
    ("an NHS number", "gp_registrations", "registered_from", f"2012-05-01 {SPACED}"),
    ("an NHS number", "gp_registrations", "sex", f"{NUMBER}.0"),
    ("an NHS number", "gp_registrations", "sex", f"{NUMBER[0]}.{NUMBER[1:]}E9"),
    ("an NHS number", "gp_registrations", "sex", f"{NUMBER[:5]}\u00a0{NUMBER[5:]}"),
    ("an NHS number", "apc_episodes", "EPIKEY", NUMBER),
    ("a postcode", "gp_registrations", "lsoa_code", "ZS1 1AA"),
    ("a postcode", "gp_registrations", "practice_code", "zs11aa"),
    ("a postcode", "apc_episodes", "GPPRAC", "lives at SW1A 1AA now"),
    ("an e-mail address", "permissions", "state", "ada@example.org"),
    ("a telephone number", "permissions", "state", "07700 900123"),
    ("a telephone number", "permissions", "practice_code", "+44 20 7946 0018"),
    ("a telephone number", "permissions", "practice_code", "(01702) 215000"),
    ("a full date of birth", "gp_registrations", "birth_month", "1950-03-07"),
    ("a full date of birth", "gp_registrations", "birth_month", "07/03/1950"),
    ("a full date of birth", "apc_episodes", "MYDOB", "07031950"),
    ("a full date where none belongs", "apc_episodes", "DIAG_4_02", "b. 7.3.1950"),
    ("free text or a name", "gp_registrations", "ethnic_group", "Ada Planted"),
    ("free text or a name", "gp_registrations", "sex", "Planted"),
    ("free text or a name", "apc_episodes", "ADMIMETH", "fell at home on the stairs"),
    ("free text or a name", "permissions", "to_date", "until she moves to her sister"),
]


OFFERS = [(*planted, "csv") for planted in PLANTED] + [(*planted, "parquet") for planted in PLANTED[::4]]


@pytest.mark.parametrize(("kind", "extract", "column", "value", "form"), OFFERS)
def test_each_kind_is_refused_and_nothing_of_it_is_kept(
    breakwater, data, extracts, query, kind, extract, column, value, form
):
    rows = rows_of(extracts[extract])
    rows[4][column] = value
    path = rewrite(extracts[extract], rows)
    line = 6  # the fifth row, below the header
    if form == "parquet":
        path, line = as_parquet(path), 5
    result = breakwater("land", path)
    assert result.exit_code == 1
    assert f"{path.name} is refused: column {column}, line {line} holds {kind}" in result.output
    path.unlink()
    kept = b"".join(
        file.read_bytes() for file in data.root.rglob("*") if file.is_file() and not is_source(file, data)
    )
    assert value.encode() not in kept and value not in result.output
    assert query("select outcome, offered, accepted, quarantined from ledger.files") == [
        ("refused", len(rows), 0, 0)
    ]
    assert query(f"select count(*) from landed.{extract}") == [(0,)]
    assert query("select count(*) from ledger.quarantine") == [(0,)]


def is_source(file, data) -> bool:
    """Whether a file is the provider's own, which of course holds identities."""
    return file.is_relative_to(data.provider) or file.is_relative_to(data.extracts)


def test_a_clean_place_raises_no_alarm(breakwater, extracts, query):
    result = breakwater("land")
    assert result.exit_code == 0, result.output
    assert query("select distinct outcome from ledger.files") == [("landed",)]


@pytest.mark.parametrize(
    ("extract", "column", "value"),
    [
        ("apc_episodes", "EPIKEY", "1234567890"),  # ten digits, check digit wrong
        ("apc_episodes", "EPIKEY", f"12{NUMBER}"),  # twelve digits that hold a valid ten
        ("apc_episodes", "PROCODE3", "RP5"),
        ("gp_registrations", "person_key", f"abc{NUMBER}def" * 4),  # digits by chance inside a token
        ("gp_registrations", "registration_id", "R12345678"),
    ],
)
def test_what_only_looks_like_an_identity_passes(breakwater, extracts, extract, column, value):
    rows = rows_of(extracts[extract])
    rows[4][column] = value
    result = breakwater("land", rewrite(extracts[extract], rows))
    assert result.exit_code == 0, result.output


def test_an_identifying_column_is_refused_by_its_name(breakwater, extracts):
    rows = [row | {"postcode": ""} for row in rows_of(extracts["gp_registrations"])]
    result = breakwater("land", rewrite(extracts["gp_registrations"], rows))
    assert result.exit_code == 1 and "column 10 is an identifying column" in result.output


def test_an_identifying_column_is_refused_in_a_layout_that_ignores_others(breakwater, extracts):
    rows = [row | {"NEWNHSNO": "withheld"} for row in rows_of(extracts["apc_episodes"])]
    path = rewrite(extracts["apc_episodes"], rows, layout="hes_apc/193")
    result = breakwater("land", path)
    assert result.exit_code == 1 and "holds an identifying column" in result.output


def test_the_excuse_of_a_column_ends_when_it_is_full_of_numbers(breakwater, extracts):
    rows = [row | {"AEKEY": place.NUMBERS[i]} for i, row in enumerate(rows_of(extracts["apc_episodes"]))]
    path = rewrite(extracts["apc_episodes"], rows, layout="hes_apc/193")
    result = breakwater("land", path)
    assert result.exit_code == 1 and "column AEKEY, line 2 holds an NHS number (40 rows)" in result.output


@pytest.mark.parametrize(
    ("column", "typed", "line"),
    [
        ("practice_code", f"{NUMBER}::bigint", 5),
        ("practice_code", f"{NUMBER}::double", 5),
        ("practice_code", "date '1950-03-07'", 5),
        ("birth_month", "timestamp '1950-03-07 00:00:00'", 5),
        ("sex", "['Ada', 'Planted']", 5),
        ("sex", "{'name': 'Ada', 'of': 'Planted'}", 5),
        ("ethnic_group", "'ada@example.org'::blob", 5),
    ],
)
def test_an_identity_in_a_typed_column_of_parquet_is_refused(breakwater, extracts, column, typed, line):
    import duckdb

    path = as_parquet(extracts["gp_registrations"])
    kept = f"case when file_row_number = 4 then {typed} end"
    table = f"read_parquet('{path}', file_row_number = true)"
    duckdb.sql(
        f"create temp table t as select * exclude file_row_number replace ({kept} as {column}) from {table}"
    )
    duckdb.sql(f"copy t to '{path}'")
    duckdb.sql("drop table t")
    path.with_name(path.stem + ".manifest.json").unlink()
    words = ("--extract", "gp_registrations", "--layout", "gp_registrations/1", "--period", *place.PERIOD)
    result = breakwater("land", path, *words, "--key-id", place.KEY_ID)
    assert result.exit_code == 1
    assert f"column {column}, line {line} holds" in result.output


# One of each kind, as bare as it comes: a contract that let one through would take it for a good value.
IDENTITIES = [
    NUMBER,
    SPACED,
    "ZS1 1AA",
    "ZS11AA",
    "ada@example.org",
    "07700900123",
    "07031950",
    "Ada Planted",
    "PlantedAda07031950Southend",
    f"NHS{NUMBER}",
    "AB123456C",
    "07/03/1950",
    "51.5377, 0.7142",
    "ada",
    "Planted",
    "",
]


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.extract)
def test_no_column_of_a_contract_takes_an_identity_for_a_good_value(contract):
    import duckdb

    for column in contract.columns:
        taken = [
            value
            for value in IDENTITIES
            if duckdb.execute(f"select {conforms(column, '$1::varchar')}", [value]).fetchone()[0]
        ]
        # A compact date is a good value of a date column; ten digits of a key are searched apart.
        allowed = {"07031950"} if column.type == "date" or column.key else set()
        allowed |= {NUMBER, "07700900123"} if column.name in ("epikey", "attendkey") else set()
        assert set(taken) <= allowed, column.name
