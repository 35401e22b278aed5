"""What the releases that are still in the data folder said: they are public, and this build reckons with them."""


def model(dbt, session):
    dbt.config(materialized="table")
    import os
    from pathlib import Path

    from breakwater.disclosure import earlier

    return earlier.read(Path(os.environ["BREAKWATER_RELEASES"])).to_arrow()
