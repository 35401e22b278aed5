"""Which files an extract is offered in: one a period, and those that come late, twice or with an identity."""

from collections.abc import Iterator

import polars as pl

from breakwater.synthetic import social_care
from breakwater.synthetic.files import Provider
from breakwater.synthetic.periods import Period

APC, OUTPATIENTS, ECDS, DEATHS = "hes_apc/2021", "hes_op/2011", "ecds/1", "civil_registration_deaths/1"
CSDS, MHSDS = "csds/1", "mhsds/1"
TELEPHONE = "01632 960123"  # of a range kept for drama
E_MAIL = "pat@example.org"


def episodes(provider: Provider, files: list[Period], rows: pl.DataFrame, postcode: str) -> None:
    """Offer apc_episodes: part of a September late, and a month with the postcode as a diagnosis."""
    for n, span in enumerate(files):
        of = _of(rows, n)
        late = of.clear()
        september = Period(span.first + 153, span.first + 182, span.label)
        if provider.dirty and n == max(len(files) - 4, 0):
            # Two in five of the month's records are held back.
            held = _within("EPIEND", september) & pl.col("EPIKEY").str.slice(-1).is_in(list("0123"))
            late, of = of.filter(held), of.filter(~held)
        provider.offer("apc_episodes", APC, span, of)
        if late.height:
            provider.offer_late("apc_episodes", APC, september, late)
        october = Period(span.first + 183, span.first + 213, span.label)
        some = of.filter(_within("EPIEND", october)).head(200)
        if provider.dirty and n == len(files) - 2 and some.height:
            provider.offer_identity("apc_episodes", APC, october, some, "DIAG_4_06", postcode)


def social_care_events(provider: Provider, files: list[Period], rows: pl.DataFrame) -> None:
    """Offer social_care_events: one period twice, and an April with an NHS number for a practice."""
    files = social_care.reported_in(files)
    for n, span in enumerate(files):
        layout, of = social_care.spelt(_of(rows, n), span)
        twice = provider.dirty and n == max(len(files) - 4, 0)
        (provider.offer_again if twice else provider.offer)("social_care_events", layout, span, of)
        april = Period(span.first, span.first + 29, span.label)
        some = of.filter(_within("Event_Start_Date", april)).head(100)
        if provider.dirty and n == len(files) - 1 and some.height:
            number = some["NHS_Number"][0]
            provider.offer_identity("social_care_events", layout, april, some, "GP_Practice_Code", number)


def deaths(provider: Provider, files: list[Period], rows: pl.DataFrame) -> None:
    """Offer deaths: the first period once more under another name."""
    for n, span in enumerate(files):
        provider.offer("deaths", DEATHS, span, _of(rows, n))
    if provider.dirty:
        provider.offer_copy("deaths", DEATHS, files[0])


def gp_conditions(provider: Provider, whole: Period, rows: pl.DataFrame) -> None:
    """Offer gp_conditions, and a first month of it with an NHS number for a code."""
    provider.offer("gp_conditions", "gp_conditions/1", whole, rows)
    month = Period(whole.first, whole.first + 29, "")
    some = rows.filter(_within("first_date", month)).head(100)
    if provider.dirty and some.height:
        number = some["nhs_number"][0]
        provider.offer_identity("gp_conditions", "gp_conditions/1", month, some, "code", number)


def emergency_care(
    provider: Provider, files: list[Period], rows: Iterator[pl.DataFrame], postcode: str
) -> None:
    """Offer emergency_care, and a May with a postcode for a diagnosis."""
    for n, (span, of) in enumerate(zip(files, rows, strict=True)):
        provider.offer("emergency_care", ECDS, span, of)
        may = Period(span.first + 30, span.first + 60, span.label)
        some = of.filter(_within("ARRIVAL_DATE", may)).head(150)
        if provider.dirty and n == len(files) - 1 and some.height:
            provider.offer_identity("emergency_care", ECDS, may, some, "DIAGNOSIS_CODE_1", postcode)


def outpatients(provider: Provider, files: list[Period], rows: Iterator[pl.DataFrame]) -> None:
    """Offer outpatients: part of a June late, and an August with an NHS number for a procedure."""
    for n, (span, of) in enumerate(zip(files, rows, strict=True)):
        june = Period(span.first + 61, span.first + 90, span.label)
        late = of.clear()
        if provider.dirty and n == max(len(files) - 3, 0):
            held = _within("APPTDATE", june) & pl.col("ATTENDKEY").str.slice(-1).is_in(list("012"))
            late, of = of.filter(held), of.filter(~held)
        provider.offer("outpatients", OUTPATIENTS, span, of)
        if late.height:
            provider.offer_late("outpatients", OUTPATIENTS, june, late)
        august = Period(span.first + 122, span.first + 152, span.label)
        some = of.filter(_within("APPTDATE", august)).head(120)
        if provider.dirty and n == len(files) - 1 and some.height:
            number = some["NEWNHSNO"][0]
            provider.offer_identity("outpatients", OUTPATIENTS, august, some, "OPERTN_4_01", number)


def community_contacts(provider: Provider, files: list[Period], rows: Iterator[pl.DataFrame]) -> None:
    """Offer community_contacts, and a July with a telephone number for a place."""
    for n, (span, of) in enumerate(zip(files, rows, strict=True)):
        provider.offer("community_contacts", CSDS, span, of)
        july = Period(span.first + 91, span.first + 121, span.label)
        some = of.filter(_within("CARE CONTACT DATE", july)).head(130)
        if provider.dirty and n == len(files) - 1 and some.height:
            column = "ACTIVITY LOCATION TYPE CODE"
            provider.offer_identity("community_contacts", CSDS, july, some, column, TELEPHONE)


def mental_health(provider: Provider, files: list[Period], rows: Iterator[pl.DataFrame]) -> None:
    """Offer mental_health, and a November with an e-mail address for a method of admission."""
    for n, (span, of) in enumerate(zip(files, rows, strict=True)):
        provider.offer("mental_health", MHSDS, span, of)
        november = Period(span.first + 214, span.first + 243, span.label)
        some = of.filter(_within("CareContDate", november)).head(110)
        if provider.dirty and n == max(len(files) - 2, 0) and some.height:
            column = "MethAdmMHHospProvSpell"
            provider.offer_identity("mental_health", MHSDS, november, some, column, E_MAIL)


def _of(rows: pl.DataFrame, period: int) -> pl.DataFrame:
    return rows.filter(pl.col("period") == period).drop("period")


def _within(column: str, span: Period) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).is_between(span.first, span.last)
