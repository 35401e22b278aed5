"""The slope index of inequality: the difference between the most and the least deprived that a straight line gives.

Source: Low and Low 2004, Journal of Public Health 26:388-395; the weights by population share as Public Health England
used them for life expectancy.
"""


def slope_index(values: list[float], sizes: list[float]) -> tuple[float, float]:
    """Return the line's value at the most and at the least deprived end, from groups in order, most deprived first.

    values: one figure a group; sizes: people in it. The line is fitted on the middle of each group's share of people,
    weighted by that share. The slope index is the second number less the first.
    Raises ValueError for fewer than two groups, or a group without people.
    """
    if len(values) < 2 or len(values) != len(sizes) or min(sizes) <= 0:
        raise ValueError("a slope needs two groups or more, each with people")
    total = sum(sizes)
    shares = [size / total for size in sizes]
    middles, passed = [], 0.0
    for share in shares:
        middles.append(passed + share / 2)
        passed += share
    x = sum(a * b for a, b in zip(shares, middles, strict=True))
    y = sum(a * v for a, v in zip(shares, values, strict=True))
    spread = sum(a * (b - x) ** 2 for a, b in zip(shares, middles, strict=True))
    steep = sum(a * (b - x) * (v - y) for a, b, v in zip(shares, middles, values, strict=True)) / spread
    return y - steep * x, y + steep * (1 - x)
