"""The charts, one a file. Each takes released cells as rows that `rows` has put into words, and returns a chart.

Nothing is summed, smoothed or filled in. A cell that is not shown is a mark that says so, never a bar or a point;
a zero and an earlier figure that is kept have marks of their own.
"""

from dashboards.charts.ages import ages, pyramid
from dashboards.charts.bars import groups, ranked
from dashboards.charts.flow_chart import sankey
from dashboards.charts.funnel_plot import funnel
from dashboards.charts.heat_table import heat
from dashboards.charts.lines import trend
from dashboards.charts.parts import TALL, dress, hover, rows
from dashboards.charts.small_multiples import multiples
from dashboards.charts.xmr_chart import variation

__all__ = [
    "TALL", "ages", "dress", "funnel", "groups", "heat", "hover", "multiples", "pyramid", "ranked", "rows", "sankey",
    "trend", "variation",
]  # fmt: skip
