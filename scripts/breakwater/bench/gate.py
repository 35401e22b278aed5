"""How fast the gate is: rows a second of pseudonymise and land, beside reading the same CSV and writing Parquet."""

from breakwater.bench import figures
from breakwater.bench.stages import Measured
from breakwater.progress import say

TARGET = 2  # times a plain copy; memory in MB
MEMORY = 2_048


def report(measured: dict[str, Measured], plain: Measured) -> None:
    """Print one line a stage and one for both; the start-up of Great Expectations stands apart.

    By the clock and by the processors, for the stages use all processors and a plain copy does not.
    """
    start_up = figures.start_up_of_expectations(measured["land"].printed)
    offered = figures.rows("pseudonymise", measured["pseudonymise"].printed)
    seconds, processor = 0.0, 0.0
    for stage, apart in (("pseudonymise", 0.0), ("land", start_up)):
        run = measured[stage]
        taken, used = run.seconds - apart, run.processor - apart
        seconds, processor = seconds + taken, processor + used
        say("bench", f"{stage}: {offered / taken:,.0f} rows a second; {_times(taken, used, plain)}")
    peak = max(measured[stage].peak for stage in ("pseudonymise", "land"))
    say(
        "bench",
        f"pseudonymise and land: {_times(seconds, processor, plain)} (target: {TARGET});"
        f" {peak:,} MB at the peak (target: {MEMORY:,})",
    )


def _times(seconds: float, processor: float, plain: Measured) -> str:
    return (
        f"{seconds / plain.seconds:.1f} times a plain copy by the clock,"
        f" {processor / plain.processor:.1f} by processor seconds"
    )
