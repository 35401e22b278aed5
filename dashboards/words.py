"""What a cell says in plain words: its number, its period, its area, how it compares. Nothing is computed
here that was not released, but for the difference of two released values."""

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
PERIOD_TYPES = {
    "year": "Financial years",
    "mid_year": "Each year on 30 June",
    "quarter": "Quarters",
    "month": "Months",
}
AREA_TYPES = {
    "place": "Whole place", "locality": "Localities", "ward": "Wards", "small_area": "Small areas",
    "practice": "GP practices",
}  # fmt: skip
SEXES = {"all": "Everyone", "female": "Female", "male": "Male", "not known": "Not known"}
STATUS = {
    "shown": "shown",
    "p": "earlier figure, kept until a revision is large enough to be shown",
    "c": "withheld to protect people",
    "x": "not yet known",
}
WITHHELD, UNKNOWN, DOES_NOT_APPLY, LOW = "[c]", "[x]", "[z]", "[low]"


def day(when: date) -> str:
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def period(period_type: str, start: date) -> str:
    """Return the name of a period that starts on a day: 2024/25, April to June 2024, April 2024, mid-2024."""
    if period_type == "year":
        return f"{start.year}/{(start.year + 1) % 100:02}"
    if period_type == "mid_year":
        return f"mid-{start.year}"
    if period_type == "quarter":
        return f"{MONTHS[start.month - 1]} to {MONTHS[start.month + 1]} {start.year}"
    return f"{MONTHS[start.month - 1]} {start.year}"


def tick(period_type: str, start: date) -> str:
    """Return a period as short as an axis needs it: Apr-Jun 2024, Apr 2024; years as they are."""
    if period_type not in ("quarter", "month"):
        return period(period_type, start)
    first = MONTHS[start.month - 1][:3]
    last = f"-{MONTHS[start.month + 1][:3]}" if period_type == "quarter" else ""
    return f"{first}{last} {start.year}"


def during(period_type: str, start: date) -> str:
    """Return the period with its preposition: in 2024/25, on 30 June 2024."""
    return f"on {day(start)}" if period_type == "mid_year" else f"in {period(period_type, start)}"


def age(band: str) -> str:
    if band == "all":
        return "All ages"
    return f"{band[:-1]} and over" if band.endswith("+") else band.replace("-", " to ")


def age_order(band: str) -> tuple[float, float]:
    """Sort ages as people do: all ages, then by first year, a wide band before a narrow one."""
    if band == "all":
        return (-1, 0)
    first, _, last = band.rstrip("+").partition("-")
    return (float(first), -float(last or 999))


def group(age_band: str, sex: str) -> str:
    """Return the people a cell is about as a phrase to put after a comma; empty for everyone."""
    if (age_band, sex) == ("all", "all"):
        return ""
    grown = age_band != "all" and int(age_band.rstrip("+").split("-")[0]) >= 20
    names = {"female": "women" if grown else "girls and women", "male": "men" if grown else "boys and men"}
    people = names.get(sex, "people" if sex == "all" else "people of sex not known")
    return f"{people} of all ages" if age_band == "all" else f"{people} aged {age(age_band)}"


def has_number(cell: dict) -> bool:
    """Tell whether a figure is there: today's, or an earlier one that is kept."""
    return cell["status"] in ("shown", "p")


def rounds_to_zero(value: float, places: int) -> bool:
    """Tell whether a number that is not zero would look like one, which a zero never may be taken for."""
    return value != 0 and float(f"{value:.{places}f}") == 0


def number(cell: dict | None, series: dict, field: str = "value", marked: bool = True) -> str:
    """Return a number of a cell as text: withheld and not yet known by their shorthand, zero as 0, and what
    only rounds to zero as [low].

    marked: an earlier figure that is kept has its shorthand after it.
    """
    if cell is None:
        return ""
    if not has_number(cell):
        return f"[{cell['status']}]"
    if cell[field] is None:
        return "" if field != "value" else "[z]"
    places = 0 if field in ("numerator", "denominator") else series["decimals"] or 0
    if rounds_to_zero(cell[field], places):
        return LOW
    text = f"{cell[field]:,.{places}f}"
    return f"{text} [p]" if marked and cell["status"] == "p" and field == "value" else text


def quantity(cell: dict, series: dict) -> str:
    """Return the value with its unit, as said in a sentence: 84.7 per 1,000 people; 8.4% of discharges."""
    label = series["value_label"] or ""
    text = number(cell, series, marked=False).replace(LOW, "nearly 0")
    said = f"{text}{label}" if label.startswith("%") else f"{text} {label}".strip()
    return f"{said} [p]" if cell["status"] == "p" else said


def interval(cell: dict, series: dict) -> str:
    if not has_number(cell) or cell["lower"] is None:
        return ""
    return f"{number(cell, series, 'lower')} to {number(cell, series, 'upper')}"


def compared(cell: dict | None, other: dict | None, kind: str) -> str | None:
    """Return 'higher', 'lower' or 'similar'; None where either is not shown.

    Two figures differ only where their intervals lie apart. Counts have no interval: there, half a percent.
    """
    if not cell or not other or not has_number(cell) or not has_number(other):
        return None
    if cell["lower"] is not None and other["lower"] is not None:
        if cell["lower"] > other["upper"]:
            return "higher"
        return "lower" if cell["upper"] < other["lower"] else "similar"
    margin = 0.005 * abs(other["value"]) if kind == "count" else 0
    if abs(cell["value"] - other["value"]) <= margin:
        return "similar"
    return "higher" if cell["value"] > other["value"] else "lower"


def verdict(direction: str | None, polarity: str) -> str:
    """Return better, worse or nothing: only measures that have a good direction are judged."""
    good = {"higher_is_better": "higher", "lower_is_better": "lower"}.get(polarity)
    if good is None or direction not in ("higher", "lower"):
        return ""
    return "better" if direction == good else "worse"


def difference(cell: dict, other: dict, series: dict) -> str:
    """Return how far apart two shown values are: in points for percentages, in percent otherwise."""
    if series["kind"] in ("proportion", "registered_rate"):
        return f"{abs(cell['value'] - other['value']):.{series['decimals'] or 0}f} percentage points"
    if not other["value"]:
        return ""
    percent = abs(cell["value"] / other["value"] - 1) * 100
    return f"{percent:.0f}%" if percent >= 1 else "less than 1%"


def year_before(start: date) -> date:
    return start.replace(year=start.year - 1)


def listed(value) -> str:
    """Return a catalogue entry as text: a list is joined, nothing is an empty text."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
