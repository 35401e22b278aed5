"""The style sheet: what Streamlit's own settings cannot say. Tables that are real tables, cards, print."""

from dashboards import theme


def sheet() -> str:
    """Return the style sheet of the page being drawn, in its colours."""
    return f"<style>:root {{ {_colours(theme.now())} }}\n{SCREEN}{PRINT}</style>"


def _colours(palette: theme.Palette) -> str:
    names = ("text", "quiet", "rule", "grid", "paper", "soft", "link", "withheld", "higher", "lower")
    return "".join(f"--bw-{name}: {getattr(palette, name)}; " for name in names)


SCREEN = """
[data-testid="stMainBlockContainer"] { padding: 2.5rem 2rem 4rem; max-width: 80rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3.5rem 1rem 3rem; } }
.st-key-filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 45%), 1fr)); }
.st-key-filters > * { width: 100% !important; min-width: 0; }
.st-key-filters > *:first-child { grid-column: span 2; }
[data-testid="stPageLink"] * { white-space: normal; overflow: visible; }
[data-testid="stPageLink"] a { padding-left: 0; }
[data-testid="stPageLink"] p { color: var(--bw-link); text-decoration: underline; }
[data-testid="stHtml"] a { color: var(--bw-link); }
.bw-head.bw-head { font-size: 1.2rem; margin: .6rem 0 0; padding: 0; }
.st-key-menu [data-testid="stPageLink"] p { color: var(--bw-text); text-decoration: none; }
.st-key-menu [data-testid="stPageLink"] a[aria-current] { background: var(--bw-grid); }
.st-key-menu [data-testid="stPageLink"] a { padding: .15rem .5rem; }
.st-key-menu [data-testid="stTextInput"] { margin-bottom: .8rem; }
.bw-section { font-weight: 700; font-size: .9rem; margin: 1rem 0 .2rem; padding: 0 .5rem; }
.bw-release, .bw-topic { color: var(--bw-quiet); font-size: .9rem; margin: 0; }
.bw-notice { border-left: 5px solid var(--bw-link); background: var(--bw-soft); padding: .5rem .8rem;
  margin: .3rem 0 0; }
.bw-answer { font-size: 1.2rem; line-height: 1.5; max-width: 46rem; }
.bw-answer p { margin: 0 0 .4rem; }
.bw-icon { width: 2.1rem; height: 2.1rem; vertical-align: middle; margin-right: .4rem; }
.bw-spark { width: 7.5rem; height: 1.9rem; display: block; }
.bw-scroll { overflow: auto; max-height: 23rem; border: 1px solid var(--bw-rule); }
.bw-whole { max-height: none; }
.bw-scroll:focus { outline: 3px solid #FFB81C; outline-offset: 0; }
.bw-table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35; }
.bw-table caption { text-align: left; color: var(--bw-quiet); padding: .4rem .6rem; }
.bw-table th, .bw-table td { padding: .3rem .5rem; border-bottom: 1px solid var(--bw-grid); text-align: left;
  vertical-align: top; color: var(--bw-text); }
.bw-table thead th { position: sticky; top: 0; background: var(--bw-soft); z-index: 1; }
.bw-table td:not(.number) { min-width: 7rem; }
.bw-table .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bw-table th[scope=row] { font-weight: 400; }
.bw-table thead .number { white-space: normal; }
.bw-table .withheld { background: repeating-linear-gradient(135deg, var(--bw-withheld) 0 6px,
  var(--bw-paper) 6px 9px); }
.bw-table .unknown { color: var(--bw-quiet); font-style: italic; }
.bw-table .higher { background: var(--bw-higher); }
.bw-even { table-layout: fixed; min-width: 52rem; }
.bw-table .lower { background: var(--bw-lower); }
.bw-figure { font-size: 1.6rem; font-weight: 700; line-height: 1.1; margin: 0; }
.bw-figure small { font-size: .95rem; font-weight: 400; color: var(--bw-text); }
.bw-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .8rem;
  list-style: none; }
ul.bw-cards.bw-cards { margin: 0; padding: 0; }
.bw-cards > li { border: 1px solid var(--bw-rule); border-radius: 4px; padding: .7rem .9rem; margin: 0; }
.bw-cards p { margin: .25rem 0 0; }
.bw-cards h3 { font-size: 1.05rem; margin: 0 0 .3rem; padding: 0; }
.bw-cards .bw-spark { width: 100%; height: 3.4rem; margin: .4rem 0 0; }
.bw-multiples { grid-template-columns: repeat(auto-fill, minmax(min(11rem, 45%), 1fr)); }
.bw-multiples .bw-spark { height: 3rem; }
.bw-multiples > li { padding: .4rem .6rem; font-size: .875rem; }
.bw-change { display: flex; gap: .4rem; align-items: center; }
.bw-shape { font-weight: 700; }
.bw-flow { width: 100%; max-width: 62rem; height: auto; background: #fff; border: 1px solid var(--bw-rule); }
dl.bw-facts.bw-facts { display: grid; grid-template-columns: minmax(9rem, 13rem) 1fr; gap: .5rem 1rem;
  margin: 0; padding: 0; }
.bw-facts dt { font-weight: 700; margin: 0; padding: 0; }
.bw-facts dd { margin: 0; padding: 0; max-width: 46rem; }
.bw-text { max-width: 46rem; }
.bw-text p, .bw-text li { margin: 0 0 .5rem; line-height: 1.5; }
@media (max-width: 640px) { .bw-even { min-width: 0; } dl.bw-facts.bw-facts { grid-template-columns: 1fr; gap: .1rem; }
  .bw-facts.bw-facts dd { margin-bottom: .6rem; }
  .bw-stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .bw-stack.bw-stack thead th { position: static; }
  .bw-stack tr { display: block; padding: .5rem 0; border-bottom: 2px solid var(--bw-rule); }
  .bw-stack th[scope=row], .bw-stack td, .bw-stack td.number { display: block; border: 0; padding: .1rem .6rem;
    text-align: left; white-space: normal; }
  .bw-stack th[scope=row] { font-weight: 700; }
  .bw-stack td[data-head]::before { content: attr(data-head) ": "; color: var(--bw-quiet); } }
"""

# On paper: light whatever the screen is, nothing that can only be clicked, nothing cut off by a scrolling box.
PRINT = f"""
@media print {{
  :root {{ {_colours(theme.LIGHT)} color-scheme: light; }}
  @page {{ size: A4; margin: 12mm; }}
  html, body, #root, [data-testid="stApp"], [data-testid="stAppViewContainer"], [data-testid="stMain"],
  [data-testid="stMainBlockContainer"] {{ position: static !important; height: auto !important;
    overflow: visible !important; background: #fff !important; color: #212B32 !important; }}
  [data-testid="stMainBlockContainer"] {{ padding: 0 !important; max-width: none; }}
  [data-testid="stMain"] * {{ color: #212B32; }}
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSelectbox"], .st-key-filters,
  [data-testid="stButtonGroup"], [data-testid="stDownloadButton"], [data-testid="stTextInput"],
  [data-testid="stToolbar"], .bw-screen-only {{ display: none !important; }}
  .bw-scroll {{ max-height: none; overflow: visible; border: 0; }}
  .bw-table thead th {{ position: static; }}
  .bw-table tr, .bw-cards > li, [data-testid="stVegaLiteChart"] {{ break-inside: avoid; }}
  h1, h2, h3 {{ break-after: avoid; }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
"""

# The board summary is drawn as on paper on the screen too, each page a sheet; in print a sheet is a page of A4.
PAPER = f"""
.bw-sheet {{ {_colours(theme.LIGHT)} background: #fff; color: #212B32; border: 1px solid var(--bw-rule);
  padding: 1.2rem 1.4rem; max-width: 60rem; margin: 0 0 1.2rem; }}
.bw-sheet h2 {{ font-size: 1.15rem; margin: .8rem 0 .3rem; padding: 0; color: #212B32; }}
.bw-sheet p, .bw-sheet li {{ margin: 0 0 .25rem; line-height: 1.4; color: #212B32; }}
.bw-sheet .bw-release {{ color: var(--bw-quiet); }}
.bw-sheet .bw-icon {{ width: 1.6rem; height: 1.6rem; }}
@media print {{
  .bw-sheet {{ border: 0; padding: 0; margin: 0; max-width: none; font-size: 9.5pt; }}
  .bw-sheet .bw-table {{ font-size: 8.5pt; line-height: 1.2; }}
  .bw-sheet .bw-table th, .bw-sheet .bw-table td {{ padding: 1.2mm 1.5mm; min-width: 0; }}
  .bw-sheet .bw-spark {{ width: 26mm; height: 7mm; }}
  .bw-second {{ break-before: page; }}
  [data-testid="stMainBlockContainer"] h1 {{ font-size: 15pt; }}
}}
"""
