"""Opening a page without a browser, and reading what it says: sentences, tables, the data of its charts."""

import json
import re
from html import unescape

from streamlit.testing.v1 import AppTest

MEASURE_PAGE = """
from dashboards import measure
from dashboards.app import session_release
release = session_release()
measure.draw(release, next(one for one in release.measures if one["measure"] == {measure!r}))
"""


def opened(measure: str, **address) -> AppTest:
    """Return a measure's page as opened at an address."""
    page = AppTest.from_string(MEASURE_PAGE.format(measure=measure), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, [one.message for one in page.exception]
    return page


def html(page: AppTest) -> list[str]:
    return [element.proto.body for element in page.get("html")]


def answer(page: AppTest) -> str:
    return next(body for body in html(page) if "bw-answer" in body)


def tables(page: AppTest) -> list[list[list[str]]]:
    """Return the rows of each table, headings first, as the text a reader sees."""
    found = [body for body in html(page) if "<table" in body]
    return [
        [[unescape(re.sub("<[^>]*>", "", cell)).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
         for row in re.findall(r"<tr>(.*?)</tr>", table)]
        for body in found for table in re.findall("<table.*?</table>", body)
    ]  # fmt: skip


def chart_rows(page: AppTest) -> list[dict]:
    """Return every row of data that any chart of the page carries to the browser."""

    def values(spec):
        if isinstance(spec, dict):
            if isinstance(spec.get("values"), list):
                yield from (row for row in spec["values"] if isinstance(row, dict))
            for part in spec.values():
                yield from values(part)
        elif isinstance(spec, list):
            for part in spec:
                yield from values(part)

    charts = [json.loads(element.proto.spec) for element in page.get("vega_lite_chart")]
    return [row for chart in charts for row in values(chart)]


def headings(page: AppTest) -> list[str]:
    return [*(one.value for one in page.title), *(one.value for one in page.header)]


PAGE = """
import streamlit as st
from dashboards import board, history, overview, public, search, topic
from dashboards.app import opened, session_release
{call}
"""


def drawn(call: str, **address) -> AppTest:
    page = AppTest.from_string(PAGE.format(call=call), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, [one.message for one in page.exception]
    return page


def text(page: AppTest) -> str:
    return unescape(re.sub("<[^>]*>", " ", " ".join(html(page))))
