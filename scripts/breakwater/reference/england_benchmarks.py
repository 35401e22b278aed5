"""Build the England benchmarks seed: published figures of England for series of ours, from a file of Fingertips."""

from pathlib import Path

from breakwater.reference import files, seed

COLUMNS = (
    "measure", "category_type", "category", "period_start", "sex", "value", "lower", "upper", "decimals", "comparable",
)  # fmt: skip
ENGLAND = "E92000001"
SEXES = {"Persons": "all", "Female": "female", "Male": "male"}
# Indicator -> series of ours, the decimals it is published with, and whether the definitions allow a comparison.
INDICATORS = {
    "22401": ("falls", "standardised", "spells", 1, "true"),
    "41101": ("readmissions", "outcome", "readmitted", 1, "false"),
}


def rows(folder: Path) -> seed.Rows:
    """Return one row an indicator, year and sex of England as a whole, all ages that the indicator is about."""
    made = []
    for row in files.table(folder, "IndicatorId", "AreaCode", "CategoryType", "Value", "LowerCI", "UpperCI"):
        if (
            row["AreaCode"] != ENGLAND
            or row["CategoryType"].strip('" ')
            or row["IndicatorId"] not in INDICATORS
        ):
            continue
        measure, category_type, category, decimals, comparable = INDICATORS[row["IndicatorId"]]
        value, lower, upper = (f"{float(row[name]):.{decimals}f}" for name in ("Value", "LowerCI", "UpperCI"))
        made.append({
            "measure": measure, "category_type": category_type, "category": category,
            "period_start": f"{row['Year']}-04-01", "sex": SEXES[row["Sex"]], "value": value, "lower": lower,
            "upper": upper, "decimals": decimals, "comparable": comparable,
        })  # fmt: skip
    return sorted(made, key=lambda made: (made["measure"], made["period_start"], made["sex"]))


def build(folder: Path) -> str:
    """Return the text of seeds/england_benchmarks.csv."""
    return seed.text(COLUMNS, rows(folder))


if __name__ == "__main__":
    seed.rebuild("england_benchmarks", build)()
