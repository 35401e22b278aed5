"""The data dictionary says what the contracts say, and every contract says what each of its columns is."""

import pytest
import yaml
from breakwater import dictionary
from breakwater.gate.contract import CONTRACTS, contracts


def test_the_page_is_what_the_contracts_make():
    assert dictionary.PAGE.read_text(encoding="utf-8") == dictionary.page(), "run `make dictionary`"


def test_every_column_of_every_contract_is_on_it():
    page = dictionary.page()
    for name, contract in contracts().items():
        part = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        named = {line.split("|")[1].strip().strip("*") for line in part.splitlines() if line.startswith("| ")}
        assert named == {column.name for column in contract.columns} | {"column"}
        assert all(f"`{layout}`" in part for layout in contract.layouts)


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.yml")), ids=lambda path: path.stem)
def test_descriptions_are_there_and_their_own(path):
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    said = {column["name"]: column["description"] for column in contract["columns"]}
    assert all(len(text.split()) > 1 or text == "Gender." for text in said.values()), path.stem
    assert contract["description"] and contract["source"]
