"""What a good value of a column is, as SQL over its text, and in words what a bad one is."""

from breakwater.gate.contract import Column

WHOLE_NUMBER = "[0-9]{1,9}([.]0+)?"
# How dates and months are written. Texts have codes or a pattern: any text would be any identity.
FORMS = {
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00([.]0+)?)?|[0-9]{8}",
    "month": "[0-9]{4}-[0-9]{2}",
}


def conforms(column: Column, value: str) -> str:
    """Return SQL, true or false, for whether a text that is not null keeps to the column's contract.

    Every form leaves out identities: what conforms need not be searched for them (tests/gate shows it).
    """
    if column.codes:
        return f"{value} in ({', '.join(quoted(code) for code in column.codes)})"
    if column.pattern:
        return f"regexp_full_match({value}, {quoted(column.pattern)})"
    if column.type == "integer":
        bounded = f"coalesce(try_cast({value} as double), -1) between {column.minimum} and {column.maximum}"
        return f"(regexp_full_match({value}, '{WHOLE_NUMBER}') and {bounded})"
    return f"(regexp_full_match({value}, '{FORMS[column.type]}') and {typed(column, value)} is not null)"


def typed(column: Column, value: str) -> str:
    """Return SQL for the landed value of a text that conforms; of another it is anything or null.

    It runs over every row, so it leaves the form of the text to `conforms`, which runs over distinct values.
    """
    if column.type == "integer":
        return f"try_cast(try_cast({value} as double) as integer)"
    if column.type == "month":
        return f"try_cast({value} || '-01' as date)"
    if column.type == "date":
        compact = f"try_strptime({value}, '%Y%m%d')::date"
        return f"case when length({value}) = 8 then {compact} else try_cast(left({value}, 10) as date) end"
    return value


def fault_of(column: Column) -> str:
    """Return in words what a value that does not conform is, without the value."""
    if column.codes:
        return "is not an allowed code"
    if column.type == "integer":
        return f"is not a whole number from {column.minimum} to {column.maximum}"
    if column.type in ("date", "month"):
        return f"is not a {column.type}"
    return "does not have the form of the contract"


def shape(value: str) -> str:
    """Return SQL for the shape of a text: letters as A or a, digits as 9, 40 characters at most."""
    upper = f"regexp_replace(left({value}, 40), '[\\p{{Lu}}]', 'A', 'g')"
    lower = f"regexp_replace({upper}, '[\\p{{Ll}}\\p{{Lo}}]', 'a', 'g')"
    return f"regexp_replace({lower}, '\\p{{Nd}}', '9', 'g')"


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
