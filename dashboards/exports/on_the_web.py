"""The description beside a CSV file: CSV on the Web (W3C, 2015), which programs and people can read."""

import json

from dashboards import words
from dashboards.exports import content, tidy

SUFFIX = "-metadata.json"


def metadata(taken: "content.Content", file_name: str) -> bytes:
    """Return the metadata of a CSV file of this name: columns, key, empty values, and what it says of itself.

    Source: W3C Recommendations 'Metadata Vocabulary for Tabular Data' and 'Model for Tabular Data', 2015.
    """
    about = taken.about()
    columns = [
        {
            "name": name,
            "titles": name,
            "dc:description": what,
            "datatype": kind,
            "required": name in tidy.KEY,
            "null": "",
        }
        for name, (kind, what) in tidy.COLUMNS.items()
    ]
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file_name,
        "dc:title": f"{about['Measure']}, {about['Place']}",
        "dc:description": about["Definition"],
        "dc:identifier": f"{about['Release']}/{taken.measure['measure']}",
        "dc:issued": taken.release.facts["made_at"].date().isoformat(),
        "dc:source": about["Source"],
        "dc:publisher": about["Owner"],
        "dc:license": {"@id": content.LICENCE_ADDRESS},
        "dc:rights": about["Licence"],
        "notes": [{"name": name, "text": text} for name, text in about.items()]
        + [{"name": f"Shorthand {code}", "text": text} for code, text in words.STATUS.items()],
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "doubleQuote": True},
        "tableSchema": {"columns": columns, "primaryKey": list(tidy.KEY)},
    }
    return json.dumps(described, indent=1, ensure_ascii=False).encode()
