"""What identities look like, as SQL over a text: conditions that are true where one stands in it."""

from breakwater.gate.values import quoted
from breakwater.nhs_number import is_valid

# Dates and times first lose themselves, so that their digits are not read on into a number.
TIMESTAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
SEPARATOR = r"[\s\x{00A0}\x{2010}-\x{2015}.,:;|+*#\x{2019}_/-]"
TEN_TOGETHER = "[0-9]+"
THREE_THREE_FOUR = (
    f"(?:^|[^0-9])[0-9]{{3}}{SEPARATOR}{{1,3}}[0-9]{{3}}{SEPARATOR}{{1,3}}[0-9]{{4}}(?:$|[^0-9])"
)
TEN_APART = f"[0-9](?:{SEPARATOR}{{0,3}}[0-9])+"

NOT_WORD = "[^0-9A-Za-z]"
OUTWARD, INWARD = "[A-Z]{1,2}[0-9][0-9A-Z]?", "[0-9][ABD-HJLNP-UW-Z]{2}"
POSTCODE = rf"(?i)(^|{NOT_WORD})({OUTWARD}[\s._-]{{0,3}}{INWARD}|GIR ?0AA)($|{NOT_WORD})"
E_MAIL = r"(?i)[^@\s]\s{0,2}(@|[(\[]at[)\]])\s{0,2}[^@\s]"
TELEPHONE = (
    rf"(^|{NOT_WORD})([+]44[\s.-]?([(]0[)])?[\s.-]?|0044[\s.-]?|[(]?0)"
    rf"[1-378]([\s().-]{{0,2}}[0-9]){{8,9}}($|{NOT_WORD})"
)
# As a spreadsheet writes it: a number, without its leading zero.
MOBILE_NUMBER = "7[0-9]{9}([.]0*)?"
MONTH_NAME = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
FULL_DATE = (
    r"(?i)(^|[^0-9])([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}"
    rf"|[0-9]{{1,2}}(st|nd|rd|th)?[ .,-]*(of )?{MONTH_NAME}[ .,-]*([0-9]{{4}}|[0-9]{{2}})"
    rf"|{MONTH_NAME}[ .,-]*[0-9]{{1,2}}(st|nd|rd|th)?[ .,-]+([0-9]{{4}}|[0-9]{{2}}))($|[^0-9])"
)
# The whole of a text that is a day and perhaps a time, whose digits may look like those of a telephone.
DAY_AND_TIME = "[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}([ T][0-9:.]+)?"
INSURANCE = (
    rf"(?i)(^|{NOT_WORD})[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([\s-]?[0-9]{{2}}){{3}}[\s-]?[A-D]($|{NOT_WORD})"
)
COORDINATES = r"(^|[^0-9])[45][0-9][.][0-9]{3,}[^0-9]{1,12}?-?[0-9][.][0-9]{3,}($|[^0-9])"

# What every kind of identity has: a mark of an address, two letters together, a number written with an exponent, four
# digits, or a character beyond ASCII. Most wrong codes have none of it, and asking for this alone is cheap.
COULD_HOLD = r"@|[A-Za-z]{2}|[0-9][eE]|([0-9][^0-9]*){4}|[^\x00-\x7F]"

# Digits of other scripts that keyboards produce, and marks that nobody sees.
WIDE, UNSEEN = "０１２３４５６７８９", "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def plain(value: str) -> str:
    """Return SQL for a text with ordinary digits and nothing unseen in it."""
    return f"translate({value}, {quoted(WIDE + UNSEEN)}, '0123456789')"


def matches(value: str, pattern: str) -> str:
    return f"regexp_matches({value}, '{pattern}')"


def compact_date(value: str) -> str:
    """Return SQL for eight digits that are a day since 1880, the year first or last."""
    day = f"coalesce(try_strptime({value}, '%Y%m%d'), try_strptime({value}, '%d%m%Y'))"
    return (
        f"(regexp_full_match({value}, '[0-9]{{8}}') and coalesce(year({day}) between 1880 and 2100, false))"
    )


def birth_date(value: str) -> str:
    """Return SQL for a day of birth where only a month belongs: spelt, in digits, or as a spreadsheet's number."""
    short = f"coalesce(try_strptime({value}, '%d%m%y'), try_strptime({value}, '%y%m%d')) is not null"
    return (
        f"({matches(value, FULL_DATE)} or regexp_full_match({value}, '[0-9]{{8}}|[0-9]{{5}}([.]0+)?')"
        f" or (regexp_full_match({value}, '[0-9]{{6}}') and {short}))"
    )


def number_forms(value: str) -> str:
    """Return the select list of what `nhs_number` reads of a text: forms in which it could be ten digits.

    They are columns, for a condition that repeats one of them a dozen times takes the engine long to plan.
    """
    as_number = f"regexp_extract({value}, '^[0]*([0-9]{{9,10}})([.]0*)?$', 1)"
    written_out = f"coalesce(try_cast(try_cast({value} as double) as bigint)::varchar, '')"
    exponent = f"regexp_full_match({value}, '[0-9][.][0-9]+[eE][+]?0?9')"
    return (
        f"{as_number} as as_number, lpad({as_number}, 10, '0') as padded,"
        f" case when {exponent} then {written_out} else '' end as written_out,"
        f" regexp_replace({value}, '{SEPARATOR}', '', 'g') as together"
    )


def nhs_number(value: str, whole_only: str = "false") -> str:
    """Return SQL for whether a text holds a check-digit-valid NHS number in any spelling.

    Ten digits in a row, in threes and four or in any grouping by spaces, dots and dashes, inside words; a
    number that became a decimal or lost its leading zero. Decimal fractions are measurements. Where
    `whole_only` is true (tokens, in which ten digits in a row come by chance), only the text as a whole, with
    or without marks between its digits. The columns of `number_forms` stand beside the text.
    """
    plain = f"regexp_replace({value}, '{TIMESTAMP}', ' ', 'g')"
    runs = " || ".join(
        f"regexp_extract_all({plain}, '{form}')" for form in (TEN_TOGETHER, THREE_THREE_FOUR, TEN_APART)
    )
    candidates = f"list_transform({runs}, lambda run: regexp_replace(run, '[^0-9]', '', 'g'))"
    within = f"len(list_filter({candidates}, lambda digits: {is_valid('digits')})) > 0"
    # A leading zero is lost only by numbers that begin with a day and a month: Scotland's, which hold the
    # date of birth. Without that test, one nine-digit code in eleven would be taken for one.
    whole = (
        f"(length(as_number) = 10 and {is_valid('as_number')})"
        f" or (length(as_number) = 9 and {is_valid('padded')}"
        " and regexp_matches(padded, '^0[1-9](0[1-9]|1[0-2])'))"
    )
    fraction = f"regexp_full_match({value}, '-?[0-9]+[.][0-9]+')"
    return (
        f"({whole} or {is_valid('together')} or {is_valid('written_out')}"
        f" or (not {fraction} and not {whole_only} and {within}))"
    )
