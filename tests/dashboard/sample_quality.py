"""Quality of two invented extracts, in the shape of a release: protected shares, deliveries, expectations."""

from datetime import date, timedelta

YEARS = [(date(year, 4, 1), date(year + 1, 3, 31)) for year in (2024, 2025)]
MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]
EXTRACTS = ("apc_episodes", "gp_registrations")


def tables() -> dict[str, list[tuple]]:
    """Return the rows of `quality`, `deliveries` and `expectations`."""
    quality, deliveries, expectations = [], [], []
    for extract in EXTRACTS:
        for n, (start, end) in enumerate(YEARS):
            for indicator, part in (("valid", 990), ("keyed", 980), ("complete", 950 - 10 * n)):
                quality.append(share(extract, "period", start, end, indicator, part, 1000))
            # the late file of the first year, and one that was refused in the second
            landed = end + timedelta(days=40 if n else 400)
            deliveries.append((extract, start, end, landed, (landed - end).days, bool(n), 1, 0, n, 9, 0))
            for column in ("person_key", "episode_start"):
                expectations.append(
                    (extract, start, end, landed, "landed", "ExpectColumnValuesToNotBeNull", column, True)
                )
    for n, month in enumerate(MONTHS):
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        quality.append(share("apc_episodes", "month", month, end, "linked", 980, 1000, withheld=n == 2))
    return {"quality": quality, "deliveries": deliveries, "expectations": expectations}


def share(extract, period_type, start, end, indicator, part, whole, withheld=False) -> tuple:
    numbers = (None, None, "c", None) if withheld else (part, whole, "shown", 100.0 * part / whole)
    return (extract, period_type, start, end, indicator, *numbers)
