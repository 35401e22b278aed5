"""Start Great Expectations and nothing else, and print how long that took."""

import click


def measure() -> float:
    """Return the seconds until a first suite could run."""
    import duckdb

    from breakwater.gate.expectations import Expectations

    with duckdb.connect(":memory:") as connection:
        suites = Expectations(connection)
        suites.start()
        return suites.start_up


if __name__ == "__main__":
    click.echo(f"Great Expectations start-up {measure():.1f} s")
