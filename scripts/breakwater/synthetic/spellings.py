"""Client level data values as release 1 spells them; the standard of the seed is release 2's spelling."""

from datetime import date

import polars as pl

RELEASE_2 = date(2025, 10, 1)  # files of periods that end before it use release 1
RELEASE_1 = {
    "Client_Type": {"Service user": "Service User"},
    "Primary_Support_Reason": {
        "Physical support: Personal care support": "Physical Support: Personal care support",
        "Physical support: Access and mobility only": "Physical Support: Access & mobility only",
        "Support with memory and cognition": "Support with Memory & Cognition",
        "Learning disability support": "Learning Disability Support",
        "Mental health support": "Mental Health Support",
    },
    "Event_Outcome": {
        "Progress to reablement/ST-Max": "Progress to Reablement/ST-Max",
        "Progress to assessment, review or reassessment": "Progress to Assessment",
        "Progress to support planning or services": "Progress to Support Planning / Services",
        "Continuation of support or services": "No change in package",
        "Admitted to hospital": "Admitted to Hospital",
        "NFA: Deceased": "NFA - Deceased",
        "NFA: Information and advice or signposting": "NFA - Information & Advice / Signposting only",
        "NFA: Support declined": "NFA - Support declined",
        "NFA: Support ended as planned": "Service ended as planned",
        "NFA: Support ended for other reason": "NFA - Support ended - other reason",
        "NFA: Responsibility moved to another local authority": "NFA - Moved to another LA",
        "NFA: Other": "NFA- Other",
    },
    "Request_Route_of_Access": {
        "Community or other route": "Community/Other route",
        "Discharge from hospital": "Discharge from Hospital",
        "Diversion from hospital services": "Diversion from Hospital Services",
    },
    "Service_Type": {
        "Long term support: Community": "Long Term Support: Community",
        "Long term support: Residential care": "Long Term Support: Residential Care",
        "Long term support: Nursing care": "Long Term Support: Nursing Care",
        "Short term support: ST-Max": "Short Term Support: ST-Max",
    },
    "Service_Component": {
        "Home support or domiciliary care": "Home Support",
        "Community supported living": "Community Supported Living",
        "Extra care housing": "Extra Care Housing",
        "Direct payment": "Direct Payment",
        "Long term residential care": "Long Term Residential Care",
        "Long term nursing care": "Long Term Nursing Care",
    },
    "Delivery_Mechanism": {
        "Direct payment": "Direct Payment",
        "CASSR managed personal budget": "CASSR Managed Personal Budget",
        "CASSR commissioned support": "CASSR Commissioned Support",
    },
}


def release_1(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the events with every value respelt as in release 1."""
    return frame.with_columns(pl.col(field).replace(values) for field, values in RELEASE_1.items())
