"""What changed from one release to the next, measure by measure, with the reason that the releases themselves give."""

from functools import lru_cache
from pathlib import Path

from dashboards.release import Release, compared

# Kinds of change in the order they are told: what is counted, and why such figures change.
REASONS = {
    "new_period": ("New periods", "records up to a later day came in"),
    "now_known": ("Now known", "enough time has passed to know the outcome"),
    "new_cut": ("New figures", "a measure, or a group of people or areas, was added"),
    "revised": (
        "Revised",
        "records were corrected or came late, and the figure changed by enough to be shown",
    ),
    "kept": ("Kept, [p]", "records changed by too little to show a new figure without telling about the few"),
    "now_withheld": (
        "Now withheld",
        "with the figures of this release a few people could have been found in it",
    ),
    "now_shown": ("Now shown", "it no longer gives a few people away"),
    "gone": ("Gone", "a measure, or a group of people or areas, is no longer released"),
}
TEXTS = {
    "title": "title", "definition": "definition", "numerator_text": "what is counted",
    "denominator_text": "what it is out of", "source_extracts": "sources", "polarity": "which way is better",
}  # fmt: skip
KEY = ("category_type", "category", "period_type", "period_start", "area_type", "area_code", "age_band", "sex",
       "deprivation_quintile")  # fmt: skip
QUERY = f"""
with before as (select * from earlier.cells), after as (select * from later.cells),
known as (
    select measure, category_type, category, period_type, max(period_start) as last from before group by all
),
paired as (
    select coalesce(after.measure, before.measure) as measure,
        case
            when before.status is null and after.period_start > known.last then 'new_period'
            when before.status is null then 'new_cut'
            when after.status is null then 'gone'
            when before.status = 'x' and after.status <> 'x' then 'now_known'
            when before.status = 'c' and after.status in ('shown', 'p') then 'now_shown'
            when before.status in ('shown', 'p') and after.status = 'c' then 'now_withheld'
            when after.status = 'p' and before.value is not distinct from after.value then 'kept'
            when before.value is distinct from after.value then 'revised'
            else 'same'
        end as change
    from after full join before
        on after.measure = before.measure and {" and ".join(f"after.{name} = before.{name}" for name in KEY)}
    left join known
        on known.measure = after.measure and known.category_type = after.category_type
        and known.category = after.category and known.period_type = after.period_type
)
select measure, change, count(*) as figures from paired group by all
"""


@lru_cache(maxsize=16)
def figures(earlier: Path, later: Path) -> dict[str, dict[str, int]]:
    """Return how many figures of each measure changed in which way (keys of REASONS, and 'same')."""
    found: dict[str, dict[str, int]] = {}
    for row in compared(earlier, later, QUERY):
        found.setdefault(row["measure"], {})[row["change"]] = row["figures"]
    return found


def texts(earlier: Release, later: Release) -> list[tuple[str, str]]:
    """Return (title of a measure, what of its catalogue entry changed) where something did."""
    before = {one["measure"]: one for one in earlier.measures}
    found = []
    for one in later.measures:
        if old := before.get(one["measure"]):
            said = [name for key, name in TEXTS.items() if old.get(key) != one.get(key)]
            if said:
                found.append((one["title"], ", ".join(said)))
    return found


def rules(earlier: Release, later: Release) -> list[str]:
    """Return sentences on what else is different: the rules of protection, and the software."""
    before, after = earlier.facts, later.facts
    said = []
    if before["policy"] != after["policy"]:
        said.append("The rules of protection changed; About the data has the present ones.")
    if before["software_version"] != after["software_version"]:
        said.append(
            f"Made with Breakwater {after['software_version']}, before with {before['software_version']}."
        )
    return said
