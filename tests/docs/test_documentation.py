"""What the documentation says is there: verbs, options, targets, links, the policy. And the words it uses."""

import importlib
import re
import shlex
from pathlib import Path

import pytest
import yaml
from breakwater.cli import VERBS
from breakwater.disclosure.policy import FLOOR, MOST_DOMINANCE

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"^\s*(?:\.venv/bin/)?breakwater ((?:.*\\\n)*.*)$", re.MULTILINE)
WRITTEN = ("docs", "dashboards", "models", "macros", "seeds", "expectations", "scripts")
ABSENT = re.compile(
    r"missing (cell|figure|count)s?\b|\b(cell|figure|count)s? (is|are|was|were) missing", re.IGNORECASE
)
UNKIND = re.compile(r"(high[- ]cost|expensive|costly) (patient|people|person|resident|user)", re.IGNORECASE)


def page_id(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def command_of(verb: str):
    return importlib.import_module(f"breakwater.verbs.{verb}").command


def texts() -> list[Path]:
    """Return every file that someone wrote words in."""
    kinds = {".md", ".py", ".sql", ".yml"}
    found = [path for folder in WRITTEN for path in (PROJECT / folder).rglob("*") if path.suffix in kinds]
    return [*PROJECT.glob("*.md"), *PROJECT.glob("*.yml"), *found]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made from the headings' words."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in HEADING.findall(page.read_text())
    }


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_and_has_an_example(verb):
    assert f"| `breakwater {verb}` |" in (DOCS / "data-engineers.md").read_text()
    text = command_of(verb).help or ""
    assert "Example:" in text and f"breakwater {verb}" in text.split("Example:", 1)[1]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_in_the_docs_are_those_of_the_program(page):
    """A verb or an option that a page shows and the program does not know would be found by the reader."""
    for line in COMMAND.findall(page.read_text()):
        # what follows two spaces or more is a remark
        verb, *words = shlex.split(re.split(r" {2,}(?=\S)", line.replace("\\\n", " ").strip())[0])
        assert verb in VERBS, f"{page.name}: breakwater {verb}"
        if verb == "dbt":
            continue
        known = {
            name
            for parameter in command_of(verb).params
            for name in [*parameter.opts, *parameter.secondary_opts]
        }
        unknown = {word.split("=")[0] for word in words if word.startswith("--")} - known
        assert not unknown, f"{page.name}: breakwater {verb} has no {', '.join(unknown)}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text()):
        if re.match(r"(https?|mailto):", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}"


def test_every_page_is_in_the_index():
    index = DOCS / "README.md"
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text())}
    assert {page for page in DOCS.rglob("*.md") if page != index} <= linked


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_make_targets_and_variables_exist(page):
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for target, variable in re.findall(
        r"(?:^ *|`)make ([a-z-]+)(?: ([A-Z]+)=)?", page.read_text(), re.MULTILINE
    ):
        assert target in targets, f"{page.name}: make {target}"
        assert not variable or f"$({variable})" in makefile, f"{page.name}: make {target} {variable}="


def test_the_first_screen_has_the_two_commands_a_table_and_the_picture():
    first_screen = (PROJECT / "README.md").read_text().partition("\n## ")[0]
    assert "make run" in first_screen and "make test" in first_screen
    assert "[c]" in first_screen and "docs/images/dashboard.png" in first_screen
    assert (DOCS / "images" / "dashboard.png").stat().st_size < 300_000


def test_the_table_of_the_readme_could_be_released():
    """Its counts are rounded, none is small, and some are withheld; rates have a decimal point."""
    first_screen = (PROJECT / "README.md").read_text().partition("\n## ")[0]
    rows = re.findall(r"^\| [A-Z].* \|$", first_screen, re.MULTILINE)
    cells = [cell.strip() for row in rows for cell in row.strip("|").split("|")[1:]]
    counts = [int(cell) for cell in cells if cell.isdigit()]
    assert "[c]" in cells and len(counts) > 20
    assert all(count % 5 == 0 and not 1 <= count <= FLOOR["threshold"] for count in counts)


def test_the_policy_is_the_one_that_applies():
    policy = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]["disclosure"]
    table = re.findall(
        r"^\| `(\w+)` \| (\w+) \| (\d*) ?\|", (DOCS / "disclosure.md").read_text(), re.MULTILINE
    )
    assert {name: now for name, now, _ in table} == {name: str(now) for name, now in policy.items()}
    floor = {name: int(floor) for name, _, floor in table if floor}
    assert floor == FLOOR | {"rounding": 5, "dominance_share": MOST_DOMINANCE}


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_decisions_have_their_three_parts(page):
    content = page.read_text()
    assert content.startswith(f"# {page.stem[:4]} ")
    places = [content.find(f"**{part}.**") for part in ("Context", "Choice", "Consequence")]
    assert -1 not in places and places == sorted(places)


def test_the_rules_of_words_find_what_they_should():
    assert ABSENT.search("Missing figures are shown as [c].") and ABSENT.search("two cells are missing")
    assert UNKIND.search("high-cost patients")


@pytest.mark.parametrize("rule", [ABSENT, UNKIND], ids=["withheld is not missing", "nobody is a cost"])
def test_words(rule):
    found = [page_id(path) for path in texts() if rule.search(path.read_text())]
    assert not found, f"see the glossary: {', '.join(found)}"
