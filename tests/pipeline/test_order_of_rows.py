"""Engines, and threads of one engine, bring rows in any order: it decides nothing."""

import polars as pl
from breakwater import catalogue, settings, warehouse
from breakwater.disclosure import decide, policy

FRAMES = {
    "counted": "disclosure.counted_cells",
    "areas": "disclosure.cell_areas",
    "months": "staging.stg_covered_months",
    "weights": "disclosure.standard_weights",
    "rates": "disclosure.standardised_rates",
}


def test_decisions_do_not_depend_on_the_order_of_rows(small_place):
    systems = catalogue.systems(catalogue.load(settings.PROJECT), {})
    systems = {name: system for name, system in systems.items() if name == "residents_units"}
    with warehouse.connect(small_place, read_only=True) as connection:
        frames = {name: connection.execute(f"from {table}").pl() for name, table in FRAMES.items()}
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=5) for name, frame in frames.items()}
    first, second = (
        decide.decide(systems, policy.load(settings.PROJECT), **given).sort(pl.all())
        for given in (frames, shuffled)
    )
    assert len(first) > 1000 and first.equals(second)
