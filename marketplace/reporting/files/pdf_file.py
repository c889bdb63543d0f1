"""A report as a PDF to print and to file."""

from marketplace.platform import formatting
from marketplace.platform.documents import typeset
from marketplace.platform.translation import current_locale
from marketplace.reporting.charts import ColumnChart
from marketplace.reporting.tables import Report, Table, written


def pdf_file(report: Report, *, chart: ColumnChart | None = None) -> bytes:
    """The figures, the chart and every table, as people read them."""
    return typeset(
        "report.typ",
        {
            "lang": current_locale(),
            "title": report.title,
            "owner": report.owner,
            "period": report.period,
            "facts": [list(fact) for fact in report.facts],
            "figures": [[label, written(cell, kind)] for label, cell, kind in report.figures],
            "chart": svg(chart) if chart else "",
            "tables": [_table(table) for table in report.tables],
        },
    )


def _table(table: Table) -> dict[str, object]:
    kinds = [column.kind for column in table.columns]
    rows = [*(row.cells for row in table.rows), table.totals]
    return {
        "caption": table.caption,
        "head": [column.title for column in table.columns],
        "numbers": [column.is_number for column in table.columns],
        "rows": [
            [written(cell, kind) for cell, kind in zip(cells, kinds, strict=True)] for cells in rows
        ],
    }


def svg(chart: ColumnChart) -> str:
    """The chart as a picture for paper: one dark ink, no style sheet."""
    box = f"0 0 {chart.width} {chart.height}"
    font = 'font-family="Be Vietnam Pro" font-size="11" fill="#222"'
    ticks = (
        f'<path d="M{chart.left} {tick.y}H{chart.right}" stroke="#bbb" stroke-width="0.7"/>'
        f'<text x="{chart.left - 6}" y="{tick.y + 4}" text-anchor="end">'
        f"{formatting.money_short(tick.value)}</text>"
        for tick in chart.ticks
    )
    columns = (
        f'<rect x="{column.x}" y="{column.y}" width="{column.width}" '
        f'height="{column.height}" fill="#22583a"/>'
        f'<text x="{column.middle}" y="{chart.height - 10}" text-anchor="middle">'
        f"{column.label}</text>"
        for column in chart.columns
    )
    inside = "".join([*ticks, *columns])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" {font}>{inside}</svg>'
