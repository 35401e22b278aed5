"""Adult social care events in client level data fields: requests, assessments, services and reviews.

An event is reported once, in the file of the period in which it starts (a service that was running on the
first day in the first file); its end may lie after that file's period, because the extracts are made at the
data end.
"""

import numpy as np
import polars as pl

from breakwater.synthetic.chance import pick
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.longterm import COMMUNITY, RESIDENTIAL, Services
from breakwater.synthetic.periods import DATA_END, Period, day, iso
from breakwater.synthetic.place import Place
from breakwater.synthetic.reablement import AT_HOME, CARE_HOME, DIED, Courses
from breakwater.synthetic.spellings import RELEASE_2, release_1
from breakwater.synthetic.world import World

FIELDS = (  # noqa: SIM905
    "LA_Code Reporting_Period_Start_Date Reporting_Period_End_Date NHS_Number Date_of_Birth Postcode "
    "GP_Practice_Code Gender Ethnicity Client_Type Primary_Support_Reason Accommodation_Status Event_Type "
    "Event_Reference Event_Start_Date Event_End_Date Event_Outcome Request_Route_of_Access Service_Type "
    "Service_Component Delivery_Mechanism Review_Reason Event_Description"
).split()
ETHNICITY = {  # NHS Data Dictionary category to client level data value
    "A": "White: English, Welsh, Scottish, Northern Irish or British", "B": "White: Irish",
    "C": "White: Any other White background",
    "D": "Mixed or multiple ethnic groups: White and Black Caribbean",
    "E": "Mixed or multiple ethnic groups: White and Black African",
    "F": "Mixed or multiple ethnic groups: White and Asian",
    "G": "Mixed or multiple ethnic groups: Any other Mixed or multiple ethnic background",
    "H": "Asian or Asian British: Indian", "J": "Asian or Asian British: Pakistani",
    "K": "Asian or Asian British: Bangladeshi", "L": "Asian or Asian British: Any other Asian background",
    "M": "Black, Black British, Caribbean or African: Caribbean",
    "N": "Black, Black British, Caribbean or African: African",
    "P": "Black, Black British, Caribbean or African: Any other Black, Black British or Caribbean background",
    "R": "Asian or Asian British: Chinese", "S": "Other ethnic group: Any other ethnic group",
    "Z": "No data: Refused",
}  # fmt: skip
_MEMORY, _CARE, _ACCESS, _LEARNING, _MENTAL = (
    "Support with memory and cognition", "Physical support: Personal care support",
    "Physical support: Access and mobility only", "Learning disability support", "Mental health support",
)  # fmt: skip
_NOTES = (
    "Daughter present at the visit",
    "Stairs at the back door",
    "Prefers mornings",
    "Key safe fitted",
    "",
)
AT_HOME_COMPONENTS = np.array([
    "Home support or domiciliary care", "Direct payment", "Extra care housing", "Community supported living",
    "Equipment",
])  # fmt: skip
_EMPTY = {"Event_Outcome": "", "Request_Route_of_Access": "", "Service_Type": "", "Service_Component": "",
          "Delivery_Mechanism": "", "Review_Reason": ""}  # fmt: skip


def rows(world: World, courses: Courses) -> pl.DataFrame:
    """Return events in identifiable form and release 2 spelling, with `period`, the position of the file."""
    place, lives, services, spans = world.place, world.lives, world.services, reported_in(world.files)
    rng = world.stream("social care")
    events = pl.concat([
        *_long_term(lives, services, spans, rng),
        *_reablement(courses, rng),
        *_turned_away(place, lives, spans, rng),
    ])  # fmt: skip
    events = events.filter(pl.col("first") <= day(DATA_END)).sort(
        "first", "person", "Event_Type", maintain_order=True
    )
    first, who = events["first"].to_numpy(), events["person"].to_numpy()
    period = np.clip(np.searchsorted([s.last for s in spans], first), 0, len(spans) - 1)
    known = world.identity(who, np.maximum(first, 0))
    starts, ends = (np.array([iso(getattr(s, edge)) for s in spans])[period] for edge in ("first", "last"))
    last = events["last"].to_numpy()
    open_ended = pl.Series(last > day(DATA_END))
    frame = events.with_columns(
        LA_Code=pl.lit(place.code),
        Reporting_Period_Start_Date=pl.Series(starts), Reporting_Period_End_Date=pl.Series(ends),
        NHS_Number=known["nhs_number"], Date_of_Birth=known["date_of_birth"],
        Postcode=known["postcode"], GP_Practice_Code=known["practice_code"],
        Gender=known["sex"].replace({"1": "Male", "2": "Female"}),
        Ethnicity=known["ethnic_group"].replace(ETHNICITY),
        Client_Type=pl.lit("Service user"),
        Primary_Support_Reason=pl.Series(_reason(lives, who, first)),
        Accommodation_Status=pl.Series(_accommodation(services, who, first, rng)),
        Event_Start_Date=pl.col("first").cast(pl.Int32).cast(pl.Date),
        Event_End_Date=pl.when(~open_ended).then(pl.col("last")).cast(pl.Int32).cast(pl.Date),
        Event_Outcome=pl.when(open_ended).then(pl.lit("")).otherwise(pl.col("Event_Outcome")),
        Event_Description=pl.Series(_NOTES).gather(rng.integers(0, len(_NOTES), who.size)),
        period=pl.Series(period),
    )  # fmt: skip
    frame = frame.sort("period", maintain_order=True)
    return frame.with_columns(
        Event_Reference=pl.format("E{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7))
    ).select(*FIELDS, "period")


def reported_in(files: list[Period]) -> list[Period]:
    """Return the periods of the files: a year in which release 2 began is cut there."""
    cut = day(RELEASE_2)
    parts = []
    for span in files:
        if span.first < cut <= span.last:
            parts += [Period(span.first, cut - 1, span.label), Period(cut, span.last, span.label)]
        else:
            parts.append(span)
    return parts


def spelt(frame: pl.DataFrame, span: Period) -> tuple[str, pl.DataFrame]:
    """Return the layout of a period's file and the file in its spelling."""
    return ("cld/1", release_1(frame)) if span.last < day(RELEASE_2) else ("cld/2", frame)


def _events(kind: str, person, first, last, **values) -> pl.DataFrame:
    """Return events of one kind: values are text, or one text per event."""
    size = person.size
    filled = {name: np.broadcast_to(v, (size,)) for name, v in (_EMPTY | values).items()}
    return pl.DataFrame({
        "person": person.astype(np.int64), "first": np.asarray(first, dtype=np.int64),
        "last": np.asarray(last, dtype=np.int64), "Event_Type": np.broadcast_to(kind, (size,)),
        **{name: np.asarray(v, dtype=str) for name, v in filled.items()},
    })  # fmt: skip


def _long_term(lives: Lives, services: Services, spans: list[Period], rng) -> list[pl.DataFrame]:
    """Return long-term services with the request and assessment before them and the reviews during them."""
    people, who, start = lives.people, services.person, spans[0].first
    component = np.select(
        [services.setting == RESIDENTIAL, services.setting != COMMUNITY],
        ["Long term residential care", "Long term nursing care"],
        AT_HOME_COMPONENTS[pick(rng, (60, 16, 8, 10, 6), who.size)],
    )
    types = np.array(["Community", "Residential care", "Nursing care"])[services.setting]
    paid = np.where(rng.random(who.size) < 0.5, "CASSR managed personal budget", "CASSR commissioned support")
    mechanism = np.where(component == "Direct payment", "Direct payment", paid)
    dead = people.death[who] <= services.last
    left = people.exit[who] - 1 <= services.last
    moved = "NFA: Responsibility moved to another local authority"
    outcome = np.select([dead, left], ["NFA: Deceased", moved], "NFA: Support ended for other reason")
    made = [_events("Service", who, services.first, services.last, Event_Outcome=outcome,
                    Service_Type=np.char.add("Long term support: ", types), Service_Component=component,
                    Delivery_Mechanism=mechanism)]  # fmt: skip
    new = services.first >= start
    assessed = np.maximum(services.first[new] - rng.integers(1, 15, new.sum()), start)
    asked = np.maximum(assessed - rng.integers(1, 21, new.sum()), start)
    made.append(_events("Assessment", who[new], asked, assessed,
                        Event_Outcome="Progress to support planning or services"))  # fmt: skip
    made.append(_events("Request", who[new], asked, asked, Request_Route_of_Access=_route(rng, new.sum()),
                        Event_Outcome="Progress to assessment, review or reassessment"))  # fmt: skip
    for year in range(1, 12):
        on = services.first + 365 * year + rng.integers(-40, 60, who.size)
        due = (on >= start) & (on <= np.minimum(services.last, day(DATA_END))) & (rng.random(who.size) < 0.68)
        why = np.where(rng.random(due.sum()) < 0.8, "Planned", "Unplanned")
        made.append(_events("Review", who[due], on[due], on[due], Review_Reason=why,
                            Event_Outcome="Continuation of support or services"))  # fmt: skip
    return made


def _reablement(courses: Courses, rng) -> list[pl.DataFrame]:
    """Return ST-Max services, some in two parts a few days apart, with request and closing review."""
    who, size = courses.person, courses.person.size
    outcome = np.select(
        [courses.outcome == DIED, courses.outcome == CARE_HOME],
        ["NFA: Deceased", "Progress to support planning or services"],
        np.where(courses.outcome == AT_HOME, "NFA: Support ended as planned", "Admitted to hospital"),
    )
    # Two parts joined by a gap of at most seven days are one course.
    long = (courses.last - courses.first > 20) & (rng.random(size) < 0.15)
    pause = courses.first + 9 + rng.integers(0, 4, size)
    again = pause + rng.integers(1, 7, size)
    shared = {"Service_Type": "Short term support: ST-Max", "Service_Component": "Reablement",
              "Delivery_Mechanism": "CASSR commissioned support"}  # fmt: skip
    first_end = np.where(long, pause, courses.last)
    first_outcome = np.where(long, "Continuation of support or services", outcome)
    hospital = courses.discharge >= 0
    route = np.where(hospital, "Discharge from hospital", "Diversion from hospital services")
    asked = courses.first - rng.integers(0, 3, size)
    done = courses.outcome == AT_HOME
    done &= rng.random(size) < 0.7
    return [
        _events("Request", who, asked, asked, Request_Route_of_Access=route,
                Event_Outcome="Progress to reablement/ST-Max"),
        _events("Service", who, courses.first, first_end, Event_Outcome=first_outcome, **shared),
        _events("Service", who[long], again[long], np.maximum(courses.last, again)[long],
                Event_Outcome=outcome[long], **shared),
        _events("Review", who[done], courses.last[done], courses.last[done],
                Review_Reason="Review of short term support", Event_Outcome="NFA: Support ended as planned"),
    ]  # fmt: skip


def _turned_away(place: Place, lives: Lives, spans: list[Period], rng) -> list[pl.DataFrame]:
    """Return requests that led to no service."""
    people, made = lives.people, []
    for span in spans:
        who = people.present(span.first)
        age = people.age(span.first, who)
        rate = np.interp(age, (18, 64, 75, 90), (0.006, 0.010, 0.040, 0.110), left=0) * span.length
        who = who[(people.area[who] < place.inside) & (age >= 18) & (rng.random(who.size) < rate)]
        on = rng.integers(span.first, span.last + 1, who.size)
        there = (on < people.exit[who]) & (on <= people.death[who])
        who, on = who[there], on[there]
        outcome = np.array(
            ["NFA: Information and advice or signposting", "NFA: Support declined", "NFA: Other"]
        )
        made.append(_events("Request", who, on, on, Request_Route_of_Access=_route(rng, who.size),
                            Event_Outcome=outcome[pick(rng, (70, 12, 18), who.size)]))  # fmt: skip
    return made


def _route(rng, size: int) -> np.ndarray:
    routes = np.array(
        ["Community or other route", "Discharge from hospital", "Diversion from hospital services"]
    )
    return routes[pick(rng, (72, 20, 8), size)]


def _reason(lives: Lives, who: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Return the primary support reason, the same at every event of a person."""
    luck = (who * 7919 % 1000) / 1000
    young = lives.people.age(on, who) < 65
    return np.where(
        young,
        np.select([luck < 0.38, luck < 0.65, luck < 0.9], [_LEARNING, _MENTAL, _CARE], _ACCESS),
        np.select([luck < 0.66, luck < 0.82, luck < 0.92], [_CARE, _MEMORY, _ACCESS], _MENTAL),
    )


def _accommodation(services: Services, who: np.ndarray, on: np.ndarray, rng) -> np.ndarray:
    home, setting = services.in_home(int(who.max(initial=-1)) + 1 + int(services.person.max(initial=0)))
    settled = np.array(["Owner occupier or shared ownership scheme", "Tenant: Private landlord",
                        "Tenant: Local authority or other social housing provider",
                        "Settled mainstream housing with family or friends"])  # fmt: skip
    lives_in = settled[pick(rng, (50, 15, 27, 8), who.size)]
    homes = np.where(setting[who] == RESIDENTIAL, "Registered care home", "Registered nursing home")
    return np.where(home[who] <= on, homes, lives_in)
