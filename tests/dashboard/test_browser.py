"""The dashboards in a real browser, at the widths of a desk and of a telephone: pages, network, looks."""

import os
import re
import shutil
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
LAST = "Take the figures away"
# Address, title, and the last heading, by which a page is known to be whole.
PAGES = {
    "overview": ("", "Seaport at a glance", "What was withheld"),
    "board": ("board", "Board summary", "How to read this"),
    "search": ("search?q=days", "Find a figure", "1 measure"),
    "topic": ("topic-unplanned-care", "Unplanned care", "Wards side by side"),
    "releases": ("releases", "Releases and what changed", "Take the whole release away"),
    "public": ("public", "How your records are used", "The way of the records"),
    "residents": ("residents", "Residents", LAST),
    "emergency_admissions": ("emergency_admissions?every=month", "Emergency admissions", LAST),
    "funnel": ("emergency_admissions?areas=funnel", "Emergency admissions", LAST),
    "lines": ("emergency_admissions?areas=lines", "Emergency admissions", LAST),
    "small_areas": (
        "emergency_admissions?compare=small_area&age=85%2B&area=Z01000102", "Emergency admissions", LAST,
    ),
    "reablement": ("reablement?show=outcome-at-home&period=2025-04-01", "Re-ablement", LAST),
    "about": ("about", "About the data", "Where the figures come from"),
    "quality": ("quality", "Quality of the records", "What was expected of the files"),
}  # fmt: skip
# A desk in daylight, and the narrowest telephone in the dark.
WIDTHS = {1280: (900, "light"), 320: (640, "dark")}


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        reason = "chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    named = os.environ.get("BREAKWATER_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def drawn(page, last: str) -> None:
    """Wait until a page has all of its parts: its last heading, a table, and a picture in every chart."""
    page.get_by_role("heading", level=2, name=last).wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("""() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
        .every(chart => chart.querySelector('canvas, svg'))""")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page(address, browser, pictures, name, width):
    path, title, last = PAGES[name]
    height, scheme = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", color_scheme=scheme
    )
    page = context.new_page()
    asked, broken = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
    page.on("websocket", lambda opened: asked.append(opened.url.replace("ws://", "http://")))
    page.goto(f"{address}/{path}")
    drawn(page, last)

    assert [heading.inner_text() for heading in page.get_by_role("heading", level=1).all()] == [title]
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert not broken
    inside = (address, "data:", "blob:")
    assert [url for url in asked if not url.startswith(inside)] == []
    # Nothing is wider than the screen: a reader on a telephone scrolls one way only.
    # A chart takes its width a moment after it is drawn, on a busy machine later than axe; what stays wider fails.
    main = page.locator('[data-testid="stMain"]')
    settled = time.monotonic() + 5
    while (wider := main.evaluate("part => part.scrollWidth - part.clientWidth")) > 0:
        assert time.monotonic() < settled, f"{wider} pixels wider than the screen"
        time.sleep(0.1)
    levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map(one => Number(one.tagName[1]))")
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))

    height = main.evaluate("part => part.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height, 8000)})
    page.wait_for_timeout(700)
    page.screenshot(path=pictures / f"{name}-{width}.png")
    context.close()


def test_a_figure_is_three_clicks_away(address, browser):
    """From the first page: a topic, a measure, an area. And by search: words, a result."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    drawn(page, "What was withheld")
    page.get_by_role("link", name="Unplanned care").first.click()
    page.get_by_role("heading", level=1, name="Unplanned care").wait_for()
    page.locator(".bw-cards").get_by_role("link", name="Emergency admissions").first.click()
    drawn(page, LAST)
    page.get_by_role("combobox", name="Area").click()
    page.get_by_role("option", name="Harbour", exact=True).click()
    page.locator(".bw-answer", has_text="Harbour stood at").wait_for()

    page.get_by_role("searchbox", name="Find a figure").fill("84 days")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Find a figure").wait_for()
    assert "q=84+days" in page.url
    page.locator(".bw-cards").get_by_role("link", name="At home after 84 days").click()
    page.locator(".bw-answer", has_text="At home after 84 days").wait_for()
    page.close()


def test_the_keyboard_reaches_a_choice_and_changes_it(address, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/emergency_admissions")
    drawn(page, LAST)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label') || ''").endswith("Age"):
            break
    else:
        pytest.fail("Tab does not reach the choice of age")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="85 and over", exact=True).wait_for()
    page.keyboard.type("85 and")
    page.keyboard.press("Enter")
    page.locator(".bw-answer", has_text="people aged 85 and over").first.wait_for()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_summary_prints_on_two_pages(address, browser, scheme, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto(f"{address}/board")
    drawn(page, "How to read this")
    printed = page.pdf(format="A4")
    (tmp_path / "board.pdf").write_bytes(printed)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    page.emulate_media(media="print")
    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert not page.get_by_test_id("stSidebar").is_visible()
    page.close()


def test_choosing_changes_sentence_and_address(address, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/emergency_admissions")
    drawn(page, LAST)
    first = page.locator(".bw-answer").inner_text()
    page.get_by_role("combobox", name="Area").click()
    page.get_by_role("option", name="Harbour", exact=True).click()
    page.locator(".bw-answer", has_text="Harbour").wait_for()
    assert page.locator(".bw-answer").inner_text() != first
    assert "area=Z05000001" in page.url
    again = browser.new_page()
    again.goto(page.url)
    again.locator(".bw-answer", has_text="Harbour").wait_for()
    again.close()
    page.close()


def test_a_download_comes_without_redrawing_the_page(address, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/reablement")
    drawn(page, LAST)
    page.evaluate("document.querySelector('.bw-answer').dataset.seen = 'yes'")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV (zip)").nth(1).click()
    waiting.value.save_as(tmp_path / "files.zip")
    with zipfile.ZipFile(tmp_path / "files.zip") as archive:
        table, description = sorted(archive.namelist())
        lines = archive.read(table).decode().splitlines()
    assert table.startswith("reablement-all-") and description == f"{table}-metadata.json"
    assert lines[0].startswith('"release_id","measure","series"') and len(lines) > 500
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Excel").first.click()
    waiting.value.save_as(tmp_path / "page.xlsx")
    assert openpyxl.load_workbook(tmp_path / "page.xlsx").sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert page.locator(".bw-answer[data-seen=yes]").count() == 1
    page.close()


def test_the_whole_release_comes_as_one_archive(address, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/releases")
    drawn(page, "Take the whole release away")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Parquet (zip)").click()
    waiting.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = set(archive.namelist())
    assert names >= {
        "residents.parquet",
        "emergency_admissions.parquet",
        "reablement.parquet",
        "SHA256SUMS",
        "README.txt",
    }
    page.close()


def test_health_is_answered(address):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    pytest.fail("no answer")
