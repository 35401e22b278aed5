"""dbt opens the warehouse as the other verbs do."""

import yaml
from breakwater import settings, warehouse


def test_dbt_keeps_the_row_groups_that_a_landing_writes():
    """Else the first checkpoint of a build merges them, and so writes every landed row again."""
    outputs = yaml.safe_load((settings.PROJECT / "profiles.yml").read_text())["breakwater"]["outputs"]
    of_duckdb = [output for output in outputs.values() if output["type"] == "duckdb"]
    assert len(of_duckdb) == 2
    for output in of_duckdb:
        assert [each["options"]["row_group_size"] for each in output["attach"]] == [warehouse.ROW_GROUP]
