"""Build the cld_values seed: how client level data values are spelt, and the spelling we standardise on.

The standard is release 2 (October 2025). Release 1 and local spellings are mapped by hand below; where the
release 2 list of a field was not read at the source, the standard is release 1 in release 2's manner. How
the local authority itself is spelt is a choice for a place: `config.meta.la_names` of seeds/cld_values.yml.
"""

from pathlib import Path

from breakwater.reference import files, seed

COLUMNS = ("field", "spelling", "standard")
FIELDS = ("Client_Type", "Primary_Support_Reason", "Accommodation_Status", "Event_Type", "Event_Outcome",
          "Request_Route_of_Access", "Service_Type", "Service_Component", "Delivery_Mechanism",
          "Review_Reason", "Ethnicity", "Gender", "LA_Name")  # fmt: skip

# Standards that are not in the list given by the publisher's files (check).
OURS = {
    "Gender": ["Female", "Male", "Not known"],
    "Review_Reason": ["Planned", "Unplanned", "Review of short term support"],
    "Event_Outcome": ["Progress to end of life care", "Provision of service"],
    "Service_Component": ["Long term nursing care", "Long term residential care"],
}

# An outcome of release 1 whose meaning release 2 no longer has keeps its own words.
OUTCOMES = {
    "Progress to Reablement/ST-Max": "Progress to reablement/ST-Max",
    "Progress to Assessment": "Progress to assessment, review or reassessment",
    "Progress to Re-assessment / Unplanned Review": "Progress to assessment, review or reassessment",
    "Progress to Re-assessment/Unplanned Review": "Progress to assessment, review or reassessment",
    "Progress to Support Planning / Services": "Progress to support planning or services",
    "Progress to financial assessment": "Progress to support planning or services",
    "Progress to End of Life Care": "Progress to end of life care",
    "Admitted to Hospital": "Admitted to hospital",
    "No change in package": "Continuation of support or services",
    "Service ended as planned": "NFA: Support ended as planned",
    "Provision of service": "Provision of service",
    "NFA - Deceased": "NFA: Deceased",
    "NFA - Moved to another LA": "NFA: Responsibility moved to another local authority",
    "NFA - 100% NHS-funded care": "NFA: Referral to NHS services or NHS funded social care",
    "NFA - 100% NHS funded care": "NFA: Referral to NHS services or NHS funded social care",
    "NFA - Information & Advice / Signposting only": "NFA: Information and advice or signposting",
    "NFA - Self-funded client (inc. 12wk disregard)": "NFA: Self-funded client or under 12wk disregard",
    "NFA - Self-funded client (Inc. 12wk disregard)": "NFA: Self-funded client or under 12wk disregard",
    "NFA - Self-funded client (inc 12wk disregard)": "NFA: Self-funded client or under 12wk disregard",
    "NFA - Support declined": "NFA: Support declined",
    "NFA - Support ended - other reason": "NFA: Support ended for other reason",
    "NFA - Support ended: Other reason": "NFA: Support ended for other reason",
    "NFA - No services offered - other reason": "NFA: No services offered for other reason",
    "NFA - No services offered: Other reason": "NFA: No services offered for other reason",
    "NFA- Other": "NFA: Other",
    "NFA - Other": "NFA: Other",
}
ROUTES = {
    "Planned Entry (Transition)": "Planned entry (transition)",
    "Discharge from Hospital": "Discharge from hospital",
    "Diversion from Hospital Services": "Diversion from hospital services",
    "Self-funder with depleted funds": "Self-funder with depleted funds",
    "Community/Other route": "Community or other route",
}
CLIENTS = {"Service User": "Service user", "Carer": "Unpaid carer",
           "Carer known by association": "Unpaid carer known by association"}  # fmt: skip
GENDERS = {"1": "Male", "2": "Female", "9": "Not known", "X": "Not known", "0": "Not known",
           "Other": "Not known", "Unknown": "Not known"}  # fmt: skip
REVIEWS = {"Planned review": "Planned", "Unplanned review": "Unplanned",
           "Planned review of long term support": "Planned"}  # fmt: skip
COMPONENTS = {
    "Home Support": "Home support or domiciliary care",
    "Short Term Nursing Care": "Short term nursing care",
    "Short Term Residential Care": "Short term residential care",
    "Long Term Nursing Care": "Long term nursing care",
    "Long Term Residential Care": "Long term residential care",
    "Community Supported Living": "Community supported living",
    "Extra Care Housing": "Extra care housing",
    "Shared lives": "Shared Lives",
    "Direct Payment": "Direct payment",
}
MAPPED = {"Event_Outcome": OUTCOMES, "Request_Route_of_Access": ROUTES, "Client_Type": CLIENTS,
          "Gender": GENDERS, "Review_Reason": REVIEWS, "Service_Component": COMPONENTS}  # fmt: skip


def build(folder: Path) -> str:
    """Return the text of seeds/cld_values.csv, by field and spelling."""
    pairs = set(_published(folder)) | set(_ours())
    rows = sorted(pairs, key=lambda pair: (FIELDS.index(pair[0]), pair[1]))
    return seed.text(COLUMNS, [dict(zip(COLUMNS, row, strict=True)) for row in rows])


def _published(folder: Path) -> list[tuple[str, str, str]]:
    """Return (field, spelling, standard) of every value in the publisher's list of fields we hold."""
    result = []
    for row in files.table(folder, "field", "release", "value"):
        field = "Event_Outcome" if row["field"] == "Event_Outcome_Hierarchy" else row["field"]
        if field in FIELDS and "derived" not in row["value"]:
            value = row["value"]
            standard = value if "R2" in row["release"] else _standard(field, value)
            result += [(field, value, standard), (field, standard, standard)]
    return result


def _ours() -> list[tuple[str, str, str]]:
    standards = [(field, value) for field, values in OURS.items() for value in values]
    standards += [(field, value) for field, mapped in MAPPED.items() for value in mapped.values()]
    spellings = [(field, s, value) for field, mapped in MAPPED.items() for s, value in mapped.items()]
    named = seed.decisions("cld_values")["la_names"]
    standards += [("LA_Name", value) for value in named.values()]
    spellings += [("LA_Name", s, value) for s, value in named.items()]
    return spellings + [(field, value, value) for field, value in standards]


def _standard(field: str, spelling: str) -> str:
    """Return the release 2 spelling of a release 1 value."""
    if field in MAPPED:
        return MAPPED[field][spelling]
    # What is left differs in capitals, in ampersands, and in carers being called unpaid.
    words = spelling.replace("&", "and").replace("Carer Support", "Unpaid carer support")
    words = words.replace("Direct to Carer", "Direct to unpaid carer")
    lead, colon, rest = words.partition(": ")
    return _sentence(lead) + colon + _sentence(rest)


def _sentence(words: str) -> str:
    """Return the words in lower case but for the first letter and for abbreviations."""
    kept = [w if w.isupper() or w == "ST-Max" else w.lower() for w in words.split(" ")]
    return (kept[0][:1].upper() + kept[0][1:] + " " + " ".join(kept[1:])).strip() if words else ""


if __name__ == "__main__":
    seed.rebuild("cld_values", build)()
