"""A short look at a release: one protected table, as anyone may see it."""

from pathlib import Path

import duckdb


def lines(release: Path, rows: int = 8) -> list[str]:
    """Return a table of the latest headline figures by ward, one string a line: withheld as [c], earlier ones with [p].

    release: the release file. Takes the first headline series that has wards, for women of 85 and over where that is
    released, in the latest quarter: so fine a cut shows what withholding looks like.
    """
    with duckdb.connect(str(release), read_only=True) as connection:
        found = connection.execute("""
            select measures.title, series.label, series.value_label, cells.measure, category_type, category, decimals,
                max(period_start) as period, max(period_type) as period_type
            from cells inner join series using (measure, category_type, category) inner join measures using (measure)
            where area_type = 'ward' and headline and kind = 'crude_rate' and period_type = 'quarter'
            group by all order by max(measures.position), max(series.position) limit 1
        """).fetchone()
        if found is None:
            return []
        title, label, per, measure, kind, category, decimals, period, period_type = found
        cells = connection.execute(
            """
            select area_name, age_band, numerator, value, lower, upper, status
            from cells inner join areas using (area_code)
            where measure = ? and category_type = ? and category = ? and cells.area_type = 'ward' and period_type = ?
                and period_start = ? and sex = 'female' and age_band in ('0-19', '85+')
            order by area_name, age_band limit ?
            """,
            [measure, kind, category, period_type, period, rows],
        ).fetchall()
    head = f"{title}: {label.lower()}, women and girls, the three months from {period.day} {period:%B %Y}"
    table = [head, f"{'ward':<18} {'age':<6} {'count':>7} {per:>18} {'95% interval':>16}"]
    for name, age, count, value, lower, upper, status in cells:
        if status in ("shown", "p"):
            numbers = (
                f"{count:>7,} {value:>18.{decimals}f} {f'{lower:.{decimals}f} to {upper:.{decimals}f}':>16}"
                f"{' [p]' if status == 'p' else ''}"
            )
        else:
            numbers = f"{f'[{status}]':>7} {f'[{status}]':>18} {'':>16}"
        table.append(f"{name:<18} {age:<6} {numbers}")
    table.append("[c] withheld so that nobody can be found; other counts to the nearest 5")
    if any(cell[-1] == "p" for cell in cells):
        table.append("[p] as an earlier release said it: since then too few people have changed to show it")
    return table
