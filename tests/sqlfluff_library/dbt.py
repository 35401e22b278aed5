"""Stand-ins for dbt's cross-database macros, so that sqlfluff can lint without compiling: valid SQL, not run."""


def dateadd(part, number, day):
    """Stand in for dbt.dateadd."""
    return f"cast({day} + to_{part}s({number}) as date)"


def datediff(first, second, part):
    """Stand in for dbt.datediff."""
    return f"datediff('{part}', {first}, {second})"


def date_trunc(part, day):
    """Stand in for dbt.date_trunc."""
    return f"date_trunc('{part}', {day})"


def concat(parts):
    """Stand in for dbt.concat."""
    return " || ".join(parts)


def type_string():
    """Stand in for dbt.type_string."""
    return "varchar"


def date_spine(part, first, last):
    """Stand in for dbt.date_spine."""
    return f"select date_trunc('{part}', {first}) as date_month where {first} < {last}"


def type_bigint():
    """Stand in for dbt.type_bigint."""
    return "bigint"
