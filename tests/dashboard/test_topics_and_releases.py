"""Topics, search, releases, the board summary and the public page; what charts show of zero, withheld and kept."""

from datetime import date

import pytest
from opening import chart_rows, drawn, headings, html, opened, tables, text

from dashboards import words


def test_each_topic_lists_its_measures_with_their_figures(served, release):
    for topic in {entry["topic"] for entry in release.measures}:
        page = drawn(f"topic.draw(session_release(), {topic!r})")
        everything = text(page)
        for entry in release.measures:
            assert (entry["title"] in everything) == (entry["topic"] == topic)
        assert headings(page)[:2] == [topic, "Measures"]


def test_the_heat_table_has_the_cells_and_says_what_differs(served, release):
    page = drawn("topic.draw(session_release(), 'Unplanned care')")
    table = next(table for table in tables(page) if table[0][0] == "Ward")
    place = next(
        cell for cell in release.cells(measure="emergency_admissions", category_type="counted", category="spells",
        area_type="place", period_type="year", age_band="all", sex="all", deprivation_quintile="all")
        if str(cell["period_start"]) == "2025-04-01"
    )  # fmt: skip
    cells = release.cells(
        measure="emergency_admissions", category_type="counted", category="spells", area_type="ward",
        period_type="year", period_start=place["period_start"], age_band="all", sex="all", deprivation_quintile="all",
    )  # fmt: skip
    said = {row[0]: row[1] for row in table[1:]}
    assert len(cells) == len(said) == 9
    signs = {"higher": "▲", "lower": "▼"}
    for cell in cells:
        sign = signs.get(words.compared(cell, place, "crude_rate"), "")
        assert said[release.areas[cell["area_code"]]["area_name"]] == f"{cell['value']:.1f} {sign}".strip()
    assert {"▲", "▼"} <= set("".join(said.values()))


def test_the_pathway_is_drawn_from_the_catalogue(served, release):
    page = opened("reablement")
    assert "The pathway" in headings(page)
    table = next(table for table in tables(page) if table[0] == ["Step", "Counted", "Out of", "Share"])
    where = {"period_type": "year", "area_type": "place", "age_band": "all", "sex": "all",
             "deprivation_quintile": "all", "measure": "reablement"}  # fmt: skip
    # The last year's outcomes are not yet known, so the one before is drawn.
    offered, *outcomes = (
        next(cell for cell in release.cells(**where, category=name) if cell["period_start"].year == 2024)
        for name in ("offered", "at home", "died")
    )
    assert table[1][1:3] == [f"{offered['numerator']:,}", f"{offered['denominator']:,}"]
    for row, cell in zip(table[2:], outcomes, strict=True):
        assert row[1] == (f"{cell['numerator']:,}" if cell["status"] == "shown" else "[c]")
    assert "The pathway" not in headings(opened("emergency_admissions"))


def test_the_page_shows_usual_variation_where_there_are_periods_enough(served):
    months = opened("emergency_admissions", every="month")
    assert "within what is usual" in text(months) or "unusually" in text(months)
    assert any(row.get("kind") == "Usual variation" for row in chart_rows(months))
    line = opened("emergency_admissions", every="month", time="line")
    assert not any("kind" in row for row in chart_rows(line))
    years = opened("emergency_admissions", every="year", time="variation")
    assert not any("kind" in row for row in chart_rows(years))


def test_a_funnel_draws_the_cells_and_names_what_is_beyond(served, release):
    page = opened("emergency_admissions", areas="funnel")
    dots = [row for row in chart_rows(page) if "why" in row]
    cells = {cell["area_code"]: cell for cell in release.cells(
        measure="emergency_admissions", category_type="counted", category="spells", area_type="ward",
        period_type="year", period_start=date(2025, 4, 1), age_band="all", sex="all",
        deprivation_quintile="all")}  # fmt: skip
    assert {dot["code"] for dot in dots} == set(cells)
    assert all((dot["value"], dot["size"]) == (cells[dot["code"]]["value"], cells[dot["code"]]["denominator"])
               for dot in dots)  # fmt: skip
    beyond = {dot["name"] for dot in dots if "99.8%" in dot["why"]}
    assert beyond and all(name in text(page) for name in beyond)
    # Counts have no funnel: the address is set aside.
    assert not any("why" in row for row in chart_rows(opened("residents", areas="funnel")))


def test_each_area_over_time_has_a_line_and_a_table(served, release):
    page = opened("emergency_admissions", areas="lines")
    body = next(body for body in html(page) if "bw-multiples" in body)
    wards = [area["area_name"] for area in release.areas.values() if area["area_type"] == "ward"]
    assert body.count("<img") == len(wards) == 9
    table = next(
        table
        for table in tables(page)
        if table[0][1:] == ["2021/22", "2022/23", "2023/24", "2024/25", "2025/26"]
    )
    assert [row[0] for row in table[1:]] == sorted(wards)


def test_search_finds_by_any_words_and_is_never_empty(served, release):
    page = drawn("search.draw(session_release())", q="offered 84 days")
    assert headings(page) == ["Find a figure", "1 measure"] and "At home after 84 days" in text(page)
    nothing = drawn("search.draw(session_release())", q="zebra")
    assert (
        "No measure has all of these words: zebra" in text(nothing) and headings(nothing)[1] == "3 measures"
    )
    page = drawn("search.draw(session_release())")
    page.text_input(key="search_here").set_value("admissions").run()
    assert dict(page.query_params) == {"q": "admissions"} and "Emergency admissions" in text(page)


def test_the_board_summary_has_every_headline(served, release):
    page = drawn("board.draw(session_release())")
    everything = text(page)
    for entry in release.measures:
        for series in release.series(entry["measure"]):
            assert (series["label"] in everything) or not series["headline"]
    assert all(rule in everything for rule in release.facts["rules"].splitlines())


def test_the_public_page_says_what_is_and_is_not_shared(served, release):
    page = drawn("public.draw(session_release())")
    assert headings(page)[1:4] == ["What is shared", "What is not shared", "Your choice"]
    assert "type 1 opt-out" in text(page)
    diagram = next(body for body in html(page) if "bw-flow" in body)
    sent, used = tables(page)[-2:]
    for source in release.sources:
        assert f"{source['title']} from {source['sender']}" in diagram
        assert [source["title"], source["source"], source["identifiers"], source["kept"]] in sent
    assert "Anonymous figures (released as protected figures); Direct care (nothing released)" in diagram
    assert ["Registrations", "Direct care", "A duty", "none: counts only"] in used


def test_releases_are_compared_cell_by_cell(tmp_path, monkeypatch):
    import duckdb
    from sample_release import make_release

    first = make_release(tmp_path, release_id="2026-10-01-first")
    later = make_release(tmp_path, release_id="2026-11-02-later", fourth_measure=True)
    with duckdb.connect(str(later / "release.duckdb")) as connection:
        a, b, c = connection.execute("""
            select rowid from residents where status = 'shown' and area_type = 'ward' order by rowid limit 3
        """).fetchall()
        connection.execute(
            f"update residents set value = value + 10, numerator = numerator + 10 where rowid = {a[0]}"
        )
        connection.execute(
            f"update residents set status = 'c', value = null, numerator = null where rowid = {b[0]}"
        )
        connection.execute(f"update residents set status = 'p' where rowid = {c[0]}")
        connection.execute("update measures set definition = 'Another.' where measure = 'residents'")
    monkeypatch.setenv("BREAKWATER_RELEASE", str(tmp_path / "releases" / "current"))
    page = drawn("history.draw(session_release(), opened)")
    changed = next(table for table in tables(page) if table[0][0] == "Measure" and "Because" in table[0])
    assert [row[:3] for row in changed[1:]] == [
        ["Days in hospital", "New figures", "5"],
        ["Residents", "Revised", "1"],
        ["Residents", "Kept, [p]", "1"],
        ["Residents", "Now withheld", "1"],
    ]
    assert ["Residents", "definition"] in [row for table in tables(page) for row in table]
    rows = [row[0] for table in tables(page) if table[0][0] == "Release" for row in table[1:]]
    assert rows == ["2026-11-02-later (open now)", "2026-10-01-first"]
    # to the first page, whose address is that of the place: under a name of its own it is not found
    assert '<a href=".?release=2026-10-01-first">' in " ".join(html(page))
    page = drawn("history.draw(session_release(), opened)", release=first.name)
    assert "This is the first release" in text(page) and "An earlier release." in text(page)
    assert "?release=current" in " ".join(html(page))


@pytest.mark.parametrize(
    "name", ["nowhere", "..", "../../etc", "current/../..", "%2e%2e", "2026-11-02-sample/release.duckdb"]
)
def test_a_release_that_is_not_there_is_set_aside(served, release, name):
    page = drawn("st.write(session_release().facts['release_id'])", release=name)
    assert page.markdown[0].value == release.facts["release_id"]
    assert "release" not in page.query_params


def test_zero_withheld_kept_and_not_yet_known_look_different():
    from dashboards import charts

    series = {"kind": "crude_rate", "value_label": "per 1,000 people", "decimals": 1}
    values = {"shown": 2.0, "c": None, "x": None, "p": 3.0}
    cells = [{"status": status, "value": value, "lower": None, "upper": None, "period_type": "year", "sex": "all",
              "period_start": date(2020 + n, 4, 1), "area_code": status, "numerator": 1, "denominator": 1}
             for n, (status, value) in enumerate(values.items())]  # fmt: skip
    cells.append(cells[0] | {"value": 0.0, "area_code": "0", "period_start": date(2025, 4, 1)})
    rows = charts.rows(cells, series, lambda cell: cell["area_code"])
    bars = charts.ranked(rows, series, "Area", None, None).to_dict()
    signs = {
        row["name"]: row["sign"]
        for layer in bars["layer"]
        for row in layer["data"]["values"]
        if "sign" in row
    }
    assert signs == {"c": "[c] withheld", "x": "[x] not yet known", "0": "0.0"}
    assert any(layer.get("transform", [{}])[0].get("calculate") == "'[p]'" for layer in bars["layer"])
    line = charts.trend(rows, series, "A").to_dict()
    marked = [{row["name"] for row in layer["data"]["values"]} for layer in line["layer"]
              if layer["mark"]["type"] == "text"]  # fmt: skip
    assert marked == [{"p"}, {"c", "x"}]
