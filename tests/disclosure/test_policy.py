"""A policy that is impossible or weaker than the floor is refused, in one sentence that names the setting."""

import pytest
import yaml
from breakwater import settings
from breakwater.disclosure import policy
from breakwater.errors import Refusal

GOOD = {"threshold": 7, "rounding": 5, "least_candidates": 4, "small_group": 20}


def project(tmp_path, **changes):
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump({"vars": {"disclosure": GOOD | changes}}))
    return tmp_path


def test_the_projects_own_policy_holds():
    assert policy.load(settings.PROJECT).threshold >= 7


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("threshold", 6),
        ("threshold", "7"),
        ("rounding", 3),
        ("rounding", 6),
        ("rounding", 9),
        ("least_candidates", 3),
        ("least_candidates", 8),
        ("small_group", 0),
        ("threshold", True),
    ],
)
def test_weaker_or_impossible_is_refused(tmp_path, setting, value):
    with pytest.raises(Refusal, match="dbt_project.yml: vars.disclosure"):
        policy.load(project(tmp_path, **{setting: value}))


def test_stricter_is_allowed(tmp_path):
    assert policy.load(project(tmp_path, threshold=10, rounding=11)).half_width == 5


def test_a_setting_too_many_is_refused(tmp_path):
    with pytest.raises(Refusal, match="exactly"):
        policy.load(project(tmp_path, allow_small=1))
