"""The list of measures says what the catalogue says."""

from breakwater import catalogue, measure_list
from breakwater.settings import PROJECT


def test_the_page_is_what_the_catalogue_makes():
    assert measure_list.PAGE.read_text(encoding="utf-8") == measure_list.page(), "run `make dictionary`"


def test_every_measure_is_on_it_once_under_its_topic():
    page = measure_list.page()
    for measure in catalogue.load(PROJECT):
        assert page.count(f"\n### {measure.texts['title']}\n") == 1
        topic = page.split(f"\n### {measure.texts['title']}\n")[0].rsplit("\n## ", 1)[1].split("\n")[0]
        assert topic == measure.texts["topic"]


def test_social_care_measures_say_which_number_applied_when():
    """Numbers of the framework changed; a measure that names it has one that applies now, and no two at a time."""
    named = 0
    for measure in catalogue.load(PROJECT):
        if "Adult Social Care Outcomes Framework" not in measure.texts["framework"]:
            continue
        named += 1
        spans = sorted((one.valid_from, one.valid_to) for one in measure.frameworks)
        assert spans and spans[-1][1] is None, measure.name
        assert all(end < begin for (_, end), (begin, _) in zip(spans, spans[1:], strict=False)), measure.name
    assert named >= 6
