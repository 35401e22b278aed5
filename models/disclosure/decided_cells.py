"""Which cells are withheld: one decision over all cells of all measures. The work is in breakwater.disclosure."""


def model(dbt, session):
    dbt.config(materialized="table")
    from breakwater import catalogue, settings
    from breakwater.disclosure import decide, earlier, policy

    said = dbt.ref("earlier_cells").pl()
    return decide.decide(
        catalogue.systems(catalogue.load(settings.PROJECT), earlier.series(said)),
        policy.load(settings.PROJECT),
        counted=dbt.ref("counted_cells").pl(),
        areas=dbt.ref("cell_areas").pl(),
        months=dbt.ref("stg_covered_months").pl(),
        weights=dbt.ref("standard_weights").pl(),
        rates=dbt.ref("standardised_rates").pl(),
        said=said,
    ).to_arrow()
