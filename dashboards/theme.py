"""House colours and the look of charts and pages. Colour never carries a meaning alone."""

# Chart colours of the government Analysis Function; contrast between neighbours is at least 3 to 1.
NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
# Light to dark of one hue, for maps: order can be read without telling colours apart.
SEQUENCE = ["#DCE9F5", "#A9CBEA", "#6BACE6", "#2073BC", "#12436D"]
NHS_BLUE, TEXT, QUIET, RULE = "#005EB8", "#212B32", "#4C6272", "#AEB7BD"
WITHHELD, WITHHELD_LINES = "#ECEEF0", "#768692"
FONT = "Frutiger, 'Source Sans', Arial, sans-serif"

CHARTS = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal", "gridColor": "#E1E5E8", "domainColor": RULE, "tickColor": RULE,
        "labelLimit": 150,
    },
    "legend": {
        "labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal", "orient": "top", "labelLimit": 260,
    },
    "text": {"color": TEXT, "fontSize": 13},
}  # fmt: skip

# Only what Streamlit's own settings cannot say: tables that are real tables, cards, the release line.
PAGE = f"""
<style>
[data-testid="stMainBlockContainer"] {{ padding: 2.5rem 2rem 4rem; max-width: 80rem; }}
@media (max-width: 640px) {{ [data-testid="stMainBlockContainer"] {{ padding: 3.5rem 1rem 3rem; }} }}
.st-key-filters {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 45%), 1fr)); }}
.st-key-filters > * {{ width: 100% !important; min-width: 0; }}
.st-key-filters > *:first-child {{ grid-column: span 2; }}
[data-testid="stPageLink"] * {{ white-space: normal; overflow: visible; }}
[data-testid="stPageLink"] a {{ padding-left: 0; }}
[data-testid="stPageLink"] p {{ color: {NHS_BLUE}; text-decoration: underline; }}
.st-key-cards {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }}
.st-key-cards > * {{ width: 100% !important; height: 100%; min-width: 0; }}
.bw-release {{ color: {QUIET}; font-size: .9rem; margin: 0; }}
.bw-notice {{ border-left: 5px solid {NHS_BLUE}; background: #E8EDEE; padding: .5rem .8rem;
  margin: .3rem 0 0; }}
.bw-answer {{ font-size: 1.2rem; line-height: 1.5; max-width: 46rem; }}
.bw-answer p {{ margin: 0 0 .4rem; }}
.bw-scroll {{ overflow: auto; max-height: 23rem; border: 1px solid {RULE}; }}
.bw-whole {{ max-height: none; }}
.bw-scroll:focus {{ outline: 3px solid #FFEB3B; outline-offset: 0; }}
.bw-table {{ border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35; }}
.bw-table caption {{ text-align: left; color: {QUIET}; padding: .4rem .6rem; }}
.bw-table th, .bw-table td {{ padding: .3rem .5rem; border-bottom: 1px solid #E1E5E8; text-align: left;
  vertical-align: top; }}
.bw-table thead th {{ position: sticky; top: 0; background: #F0F4F5; }}
.bw-table td:not(.number) {{ min-width: 7rem; }}
.bw-table .number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
.bw-table th[scope=row] {{ font-weight: 400; white-space: nowrap; }}
.bw-table thead .number {{ white-space: normal; }}
.bw-table .withheld {{ color: {TEXT};
  background: repeating-linear-gradient(135deg, {WITHHELD} 0 6px, #fff 6px 9px); }}
.bw-table .unknown {{ color: {QUIET}; font-style: italic; }}
.bw-figure {{ font-size: 2.1rem; font-weight: 700; color: {NHS_BLUE}; line-height: 1.1; margin: 0; }}
.bw-figure small {{ font-size: .95rem; font-weight: 400; color: {TEXT}; }}
.bw-card p {{ margin: .25rem 0 0; }}
.bw-card h3 {{ font-size: 1.15rem; margin: 0 0 .4rem; padding: 0; }}
.bw-shape {{ font-weight: 700; }}
.bw-topic {{ color: {QUIET}; font-size: .9rem; margin: 0; }}
dl.bw-facts.bw-facts {{ display: grid; grid-template-columns: minmax(9rem, 13rem) 1fr; gap: .5rem 1rem;
  margin: 0; padding: 0; }}
.bw-facts dt {{ font-weight: 700; margin: 0; padding: 0; }}
.bw-facts dd {{ margin: 0; padding: 0; max-width: 46rem; }}
@media (max-width: 640px) {{ dl.bw-facts.bw-facts {{ grid-template-columns: 1fr; gap: .1rem; }}
  .bw-facts.bw-facts dd {{ margin-bottom: .6rem; }} }}
</style>
"""
