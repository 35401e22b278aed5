"""Which cells are withheld: one decision over all cells of all measures. The work is in breakwater.disclosure."""


def model(dbt, session):
    dbt.config(materialized="table")
    from breakwater import catalogue, settings
    from breakwater.disclosure import decide, policy

    return decide.decide(
        catalogue.systems(catalogue.load(settings.PROJECT)),
        policy.load(settings.PROJECT),
        counted=dbt.ref("counted_cells").pl(),
        areas=dbt.ref("cell_areas").pl(),
        months=dbt.ref("stg_covered_months").pl(),
        weights=dbt.ref("standard_weights").pl(),
        rates=dbt.ref("standardised_rates").pl(),
    ).to_arrow()
