"""`status --file`: the whole story of one file, by its name or number."""

import re

from tests.gate import place
from tests.gate.conftest import rewrite, rows_of


def again(path, rows, name="again"):
    """Write another file of the same period beside a file."""
    target = path.with_name(f"{path.stem}_{name}.csv")
    target.with_name(target.stem + ".manifest.json").write_text(
        path.with_name(path.stem + ".manifest.json").read_text()
    )
    return rewrite(target, rows)


def lines(printed: str) -> dict[str, str]:
    return {line[2:14].strip(): line[15:] for line in printed.splitlines() if line.startswith("  ")}


def test_a_file_that_was_replaced_and_the_one_that_replaced_it(breakwater, extracts):
    path = extracts["apc_episodes"]
    rows = rows_of(path)
    rows[3]["SEX"], rows[7]["SEX"] = "7", "8"
    assert breakwater("land", rewrite(path, rows)).exit_code == 0
    for _ in range(2):
        assert breakwater("land", path).exit_code == 0
    assert breakwater("land", again(path, rows[10:])).exit_code == 0
    told = breakwater("status", "--file", path.name)
    assert told.exit_code == 0, told.output
    assert told.output.startswith(f"File 1: {path.name}\n")
    old = lines(told.output)
    assert old["what"] == "apc_episodes, layout hes_apc/2021, 2025-04-01 to 2026-03-31, key test-1"
    assert re.fullmatch("SHA-256 [0-9a-f]{64}", old["content"])
    assert ", and 2 times since with nothing new, last at 20" in old["offered"]
    assert (old["outcome"], old["replaced by"]) == ("replaced", f"file 2 ({path.stem}_again.csv)")
    assert old["rows"] == "40 offered: 38 accepted, 2 quarantined; the accepted ones are replaced"
    assert re.search(r"^sex +is not an allowed code +2 +5$", told.output, re.MULTILINE)
    new = lines(breakwater("status", "--file", "2").output)
    assert (new["outcome"], new["replaced"]) == ("landed", f"file 1 ({path.name})")
    assert new["rows"] == "30 offered: 30 accepted, 0 quarantined; of those accepted 30 stand"


def test_a_refused_file_says_why_and_each_outcome_of_a_name_is_told(breakwater, extracts):
    path = extracts["permissions"]
    rows = rows_of(path)
    rows[0]["state"] = "ada@example.org"
    breakwater("land", rewrite(path, rows))
    rows[0]["state"] = "out"
    breakwater("land", rewrite(path, rows))
    told = breakwater("status", "--file", path.name).output
    assert "outcome      refused: " in told and "line 2 holds an e-mail address" in told
    assert "rows         6 offered, 6 refused" in told
    assert f"File 2: {path.name}" in told and "outcome      landed\n" in told
    assert "ada@" not in told


def test_what_was_never_offered_is_a_sentence(breakwater, extracts, data):
    nothing = breakwater("status", "--file", "1")
    assert nothing.exit_code == 1 and "run `breakwater land` first" in nothing.output
    breakwater("land", extracts["permissions"])
    for name in ("2", "none.csv", "9" * 40):
        told = breakwater("status", "--file", name)
        assert told.exit_code == 1 and f"no file `{name}` was offered" in told.output


def test_a_file_without_a_manifest_is_told_of_too(breakwater, extracts):
    path = extracts["permissions"]
    path.with_name(path.stem + ".manifest.json").unlink()
    assert breakwater("land", path).exit_code == 1
    told = lines(breakwater("status", "--file", path.name).output)
    assert told["what"] == "not known: it had no manifest" and "has no manifest" in told["outcome"]
    assert place.PERIOD[0] not in told["what"]
