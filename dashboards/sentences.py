"""The sentences at the head of a page, made from the same cells as its charts."""

from dashboards import words

DIRECTIONS = {"higher": "higher than", "lower": "lower than", "similar": "similar to"}


def answer(
    cell: dict | None, before: dict | None, place: dict | None, series: dict, names: dict
) -> list[str]:
    """Return one to three sentences: the figure, against the year before, against the whole place.

    names: area, place, and polarity of the measure. Nothing withheld is hinted at: where either figure of a
    comparison is not shown, the sentence says that there is none.
    """
    subject = series["label"]
    people = words.group(cell["age_band"], cell["sex"]) if cell else ""
    about = f"{subject} in {names['area']}" + (f", {people}," if people else "")
    if cell is None:
        return [f"{about}: nothing was released for this period."]
    when = words.during(cell["period_type"], cell["period_start"])
    if cell["status"] == "c":
        return [f"{about} {when}: the figure is withheld, [c], to protect people."]
    if cell["status"] == "x":
        return [f"{about} {when}: the figure is not yet known, [x], because too little time has passed."]
    sentences = [f"{about} stood at {words.quantity(cell, series)} {when}."]
    if before:
        sentences.append(_against_year_before(cell, before, series, names["polarity"]))
    if place and place["area_code"] != cell["area_code"]:
        sentences.append(_against_place(cell, place, series, names))
    return sentences


def _against_year_before(cell: dict, before: dict, series: dict, polarity: str) -> str:
    then = words.period(before["period_type"], before["period_start"])
    direction = words.compared(cell, before, series["kind"])
    if direction is None:
        state = "withheld, [c]" if before["status"] == "c" else "not yet known, [x]"
        return f"It cannot be compared with {then}: that figure is {state}."
    if direction == "similar":
        if series["kind"] == "count":
            return f"That is about the same as {then} ({words.number(before, series)})."
        return f"That is similar to {then} ({words.number(before, series)}): any difference could be chance."
    judged = words.verdict(direction, polarity)
    return (
        f"That is {words.difference(cell, before, series)} {DIRECTIONS[direction]} in {then} "
        f"({words.number(before, series)}){', which is ' + judged if judged else ''}."
    )


def _against_place(cell: dict, place: dict, series: dict, names: dict) -> str:
    if series["kind"] == "count":
        return ""
    direction = words.compared(cell, place, series["kind"])
    if direction is None:
        return ""
    whole = f"{names['place']} as a whole ({words.number(place, series)})"
    if direction == "similar":
        return f"It is similar to {whole}."
    return f"It is {words.difference(cell, place, series)} {DIRECTIONS[direction]} {whole}."


def change(cell: dict | None, before: dict | None, series: dict, polarity: str) -> tuple[str, str]:
    """Return a shape and words for a headline's change on the year before; the shape repeats the words."""
    if cell is None or before is None:
        return "", "No earlier year to compare with"
    then = words.period(before["period_type"], before["period_start"])
    direction = words.compared(cell, before, series["kind"])
    if direction is None:
        return "", f"Cannot be compared with {then}: not both figures are shown"
    if direction == "similar":
        return "●", f"Similar to {then} ({words.number(before, series)})"
    judged = words.verdict(direction, polarity)
    shape = "▲" if direction == "higher" else "▼"
    return shape, (
        f"{words.difference(cell, before, series)} {DIRECTIONS[direction]} {then} "
        f"({words.number(before, series)}){': ' + judged if judged else ''}"
    )


def spread(cells: list[dict], series: dict, areas: dict, area_type: str) -> str:
    """Return which of some areas has the highest and which the lowest shown value."""
    shown = sorted((cell for cell in cells if words.has_number(cell)), key=lambda cell: cell["value"])
    if len(shown) < 2:
        return ""
    hidden = sum(cell["status"] == "c" for cell in cells)
    note = f" Among those shown; {hidden} withheld." if hidden else ""
    high, low = (_held_by(end, shown, series, areas) for end in (shown[-1], shown[0]))
    return f"{words.AREA_TYPES[area_type]}: highest in {high}, lowest in {low}.{note}"


def _held_by(cell: dict, shown: list[dict], series: dict, areas: dict) -> str:
    """Return the area that has a figure, or how many areas have it, with the figure."""
    figure = words.number(cell, series)
    same = sum(words.number(other, series) == figure for other in shown)
    return f"{areas[cell['area_code']]['area_name'] if same == 1 else f'{same} of them'} ({figure})"
