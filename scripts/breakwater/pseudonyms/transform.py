"""The transformations that take the identity out of a column, as SQL over text columns."""

from breakwater.gate.contract import Column
from breakwater.nhs_number import is_valid

# How dates of birth are written: ISO, yyyymmdd, British, HES's ddmmyyyy. The last cannot be mistaken for
# the second: its third pair of digits, read as a month, is the century.
DATE_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d%m%Y", "%Y-%m-%d %H:%M:%S"]


def person_key(column: str) -> str:
    """Return SQL for the keyed hash of an NHS number: HMAC-SHA-256 in 64 lower-case hex digits.

    Spaces and dashes are taken out first. Null where the number is missing or its check digit wrong.
    The blobs are variables of the connection, so that no key stands in the text of a statement.
    Source: RFC 2104; docs/pseudonyms.md has test vectors.
    """
    digits = f"regexp_replace({column}, '[\\s-]', '', 'g')"
    return (
        f"case when {is_valid(digits)} then "
        "sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad')"
        f" || encode({digits})))) end"
    )


def birth_date(column: str) -> str:
    """Return SQL for a date of birth in any of the formats; null when it is none."""
    formats = ", ".join(f"'{form}'" for form in DATE_FORMATS)
    return f"try_strptime(trim({column}), [{formats}])"


def small_area(column: str, area: str = "lsoa21") -> str:
    """Return SQL for the small area of a postcode, looked up without spaces and in capitals.

    A subquery of one value keeps the order of rows in a stream, which a join would not.
    area: column of the lookup: lsoa21, or lsoa11 for layouts that have the small areas of 2011.
    """
    postcode = f"regexp_replace(upper({column}), '[^A-Z0-9]', '', 'g')"
    return f"(select lookup.{area} from lookup where lookup.code = {postcode})"


# Columns of the postcode lookup that a transformation needs.
LOOKED_UP = {"small_area": "lsoa21", "small_area_2011": "lsoa11"}
TRANSFORMATIONS = {
    "person_key": person_key,
    "small_area": small_area,
    "small_area_2011": lambda column: small_area(column, "lsoa11"),
    "birth_month": lambda column: f"strftime({birth_date(column)}, '%Y-%m')",
    "birth_month_mmyyyy": lambda column: f"strftime({birth_date(column)}, '%m%Y')",
    "birth_month_number": lambda column: f"cast(month({birth_date(column)}) as varchar)",
    "birth_year": lambda column: f"cast(year({birth_date(column)}) as varchar)",
}


def select_list(columns: tuple[Column, ...], header: list[str]) -> str:
    """Return the select list of the pseudonymised form, from the columns of the identifiable form.

    A column that is passed on keeps the name that the provider's header gives it.
    """
    written = {name.lower(): name for name in header}
    return ",\n  ".join(
        f'{_value(column)} as "{written.get(column.file.lower(), column.file)}"' for column in columns
    )


def _value(column: Column) -> str:
    if column.made_from is None:
        return f'source."{column.file}"'
    source, how = column.made_from
    return TRANSFORMATIONS[how](f'source."{source}"')
