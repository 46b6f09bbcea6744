"""What the funnel page shows, as numbers and words: metrics in, tables out. Draws nothing."""

from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa

from dashboard import formats
from dashboard.charts.grid import Cell, cells
from dashboard.charts.trend import Look, Series
from dashboard.components.tables import COUNT, RATE, TEXT, Column
from dashboard.filters import Filters, Setting
from dashboard.metrics import Served
from dashboard.queries import figures
from dashboard.queries.figures import Bundle, Figures, Row, Shown
from dashboard.requests import Query


@dataclass(frozen=True)
class Step:
    """A step on the way to an order: the sessions that reach it, and their share of all sessions.

    `going_on_rate` is their share of those that reached the step before.
    `going_on` says what one does who reaches it, `leaving` where one leaves who does not reach it.
    """

    label: str
    metric: str
    rate: str
    going_on_rate: str
    colour: str
    going_on: str
    leaving: str
    leaving_colour: str


SESSIONS = "sessions"
STEPS = (
    Step(
        "Product view",
        "product_view_sessions",
        "product_view_rate",
        "product_view_rate",
        "accent_light",
        "go on to a product",
        "Before any product",
        "earlier",
    ),
    Step(
        "Cart",
        "cart_sessions",
        "add_to_cart_rate",
        "product_view_to_cart_rate",
        "accent",
        "put something in the cart",
        "After a product view",
        "accent_light",
    ),
    Step(
        "Checkout",
        "checkout_sessions",
        "checkout_rate",
        "cart_to_checkout_rate",
        "accent_strong",
        "go on to the checkout",
        "After the cart",
        "accent",
    ),
    Step(
        "Purchase",
        "purchase_sessions",
        "conversion_rate",
        "checkout_to_purchase_rate",
        "target",
        "buy",
        "At the checkout",
        "accent_strong",
    ),
)
COUNTS = (SESSIONS, *(step.metric for step in STEPS))
RATES = tuple(step.rate for step in STEPS)
METRICS = (*COUNTS, *RATES)
GOING_ON = tuple(step.going_on_rate for step in STEPS if step.going_on_rate not in RATES)
LANDING = (*METRICS, "bounce_rate", "average_session_seconds")
NAMES = ("channel", "device")
TILES = {
    SESSIONS: Shown(formats.count, formats.relative_change),
    **{rate: Shown(formats.percent, formats.point_change, missing=None) for rate in RATES},
}
RATES_TREND = Look(tuple(Series(step.rate, step.label, step.colour) for step in STEPS), is_rate=True)
LEAVING = tuple((step.leaving, step.leaving_colour) for step in STEPS)
HEADINGS = ("Sessions", *(step.label.split()[0] for step in STEPS))
MOST_EXIT_PAGES = 12
OVER_TIME, BY_LANDING_PAGE = "Over time", "By landing page"
TABLE = Setting("table", "Table", (OVER_TIME, BY_LANDING_PAGE))


@dataclass(frozen=True)
class Visits(Figures):
    """The numbers of a selection. `by` holds a row per channel and per device; pages come busiest first."""

    by: dict[str, dict[str, Row]]
    landing_pages: list[Row]
    exit_pages: list[Row]

    @property
    def is_empty(self) -> bool:
        """Whether nobody came."""
        return not self.now.get(SESSIONS)


def read(served: Served, filters: Filters) -> Visits:
    """Every number that the page shows."""
    selection = filters.selection()
    shown = figures.read(served, filters, [Bundle((*METRICS, *GOING_ON), selection)])

    def rows(metrics: tuple[str, ...], name: str, without: str = "") -> list[Row]:
        query = Query(metrics, filters.period, name, filters.selection(without=without))
        found: list[Row] = served.run(query).to_pylist()
        return sorted(found, key=lambda row: (-(row[SESSIONS] or 0), row[name] or ""))

    return Visits(
        **vars(shown),
        by={
            name: {row[name]: row for row in rows(METRICS, name, without=name) if row[SESSIONS]}
            for name in NAMES
        },
        landing_pages=[row for row in rows(LANDING, "landing_page") if row[SESSIONS]],
        exit_pages=[row for row in rows(COUNTS, "exit_page") if row[SESSIONS]],
    )


def columns(served: Served) -> dict[str, Column]:
    """The columns of both tables; rates are called what the metrics are called."""
    return {
        "landing_page": Column("Landing page", TEXT),
        SESSIONS: Column("Sessions", COUNT),
        "bounce_rate": Column(served.metrics["bounce_rate"].label, RATE),
        **{step.metric: Column(step.label, COUNT) for step in STEPS},
        **{rate: Column(served.metrics[rate].label, RATE) for rate in RATES},
        "average_session_seconds": Column(served.metrics["average_session_seconds"].label, "%.0f s"),
    }


def steps_table(visits: Visits) -> pa.Table:
    """What `charts.rows.funnel` draws: every step, who goes on from it and who leaves."""
    counts = [visits.now[metric] or 0.0 for metric in COUNTS]
    rates = [1.0, *(visits.now[rate] for rate in RATES)]
    found = []
    for place, label in enumerate(["Sessions", *(step.label for step in STEPS)]):
        count, rate = counts[place], rates[place]
        row = {
            "step": label,
            "rate": rate,
            "earlier_rate": rates[max(0, place - 1)],
            "count_words": formats.count(count),
            "rate_words": formats.percent(rate),
            "words": f"{formats.count(count)} \u00b7 {formats.percent(rate)}",
            "note": "",
            "on_words": formats.NOTHING,
            "left_words": formats.NOTHING,
        }
        if place < len(STEPS) and count:
            left, going_on = count - counts[place + 1], visits.now[STEPS[place].going_on_rate]
            row["on_words"] = formats.percent(going_on)
            row["left_words"] = f"{formats.count(left)} ({formats.percent(1 - going_on)})"
            row["note"] = f"{row['on_words']} {STEPS[place].going_on}, {formats.count(left)} leave"
        found.append(row)
    return pa.Table.from_pylist(found)


def rates_table(visits: Visits) -> pa.Table:
    """What `charts.trend` draws: each step's share of sessions, part by part."""
    is_single = len(visits.parts) == 1
    series: dict[str, list[float | None]] = {rate: [row.get(rate) for row in visits.rows] for rate in RATES}
    return pa.table(
        figures.time_columns(visits)
        | {"is_marked": [is_single] * len(visits.parts)}
        | figures.series_columns(series, formats.percent)
    )


def rates_grid(visits: Visits, name: str) -> dict[str, pa.Table]:
    """What `charts.grid` draws: the steps by channel or device."""
    total = sum(row[SESSIONS] for row in visits.by[name].values())
    return cells(
        name,
        HEADINGS,
        {key: rate_cells(row, total) for key, row in visits.by[name].items()},
        visits.filters.of(name),
    )


def rate_cells(row: Row, total: float) -> list[Cell]:
    """The sessions, in grey by their share, and the share of them that reaches each step."""
    share = row[SESSIONS] / total if total else 0.0
    sessions = Cell(
        formats.count_short(row[SESSIONS]),
        length=share,
        tone="grey",
        detail=f"{formats.count(row[SESSIONS])}, {formats.percent(share)} of all",
    )
    steps = [
        Cell(
            formats.percent(row[step.rate]),
            short_words=formats.percent_short(row[step.rate]),
            length=row[step.rate] or 0.0,
            detail=f"{formats.percent(row[step.rate])} ({formats.count(row[step.metric])} sessions)",
        )
        for step in STEPS
    ]
    return [sessions, *steps]


def page_name(page: str | None) -> str:
    """A page's name, also where no event names one."""
    return page or "(not known)"


def exits_table(visits: Visits) -> pa.Table:
    """What `charts.rows.stacks` draws: where those leave who do not buy, by the furthest step reached."""
    leaving = []
    for row in visits.exit_pages:
        counts = [row[metric] or 0.0 for metric in COUNTS]
        leaving.append((page_name(row["exit_page"]), [here - on for here, on in pairwise(counts)]))
    leaving = [(page, parts) for page, parts in leaving if sum(parts)]
    shown = busiest_first(by_folder(leaving, MOST_EXIT_PAGES))
    total = sum(sum(parts) for _, parts in leaving)
    found = []
    for page, parts in shown:
        start = 0.0
        words = f"{formats.count(sum(parts))} \u00b7 {formats.percent(sum(parts) / total)}"
        for place, (step, part) in enumerate(zip(STEPS, parts, strict=True)):
            found.append(
                {
                    "exit_page": page,
                    "title": "" if place else page,
                    "words": "" if place else words,
                    "kind": step.leaving,
                    "start": start,
                    "end": start + part,
                    "part_words": f"{formats.count(part)} of {formats.count(sum(parts))}",
                }
            )
            start += part
    return pa.Table.from_pylist(found)


Leaving = tuple[str, list[float]]
"""A page, and how many leave there by the furthest step they reached."""


def busiest_first(leaving: list[Leaving]) -> list[Leaving]:
    """The pages where most leave first, then by name."""
    return sorted(leaving, key=lambda item: (-sum(item[1]), item[0]))


def by_folder(leaving: list[Leaving], most: int) -> list[Leaving]:
    """The pages, in at most so many rows: whole folders are put together, those of the most pages first.

    A folder is the first part of a path. Where that is not enough, the least busy rows become one.
    """
    folders: dict[str, list[Leaving]] = {}
    for page, parts in leaving:
        folders.setdefault(page.split("/")[1] if page.count("/") > 1 else "", []).append((page, parts))
    found = folders.pop("", [])
    spelled_out = sorted(folders.items(), key=lambda item: (len(item[1]), item[0]))
    while spelled_out and len(found) + sum(len(pages) for _, pages in spelled_out) > most:
        folder, pages = spelled_out.pop()
        found.append((f"{len(pages):,} pages in /{folder}", sums(pages)) if len(pages) > 1 else pages[0])
    found = busiest_first([*found, *(page for _, pages in spelled_out for page in pages)])
    if len(found) > most:
        others = found[most - 1 :]
        found = [*found[: most - 1], (f"{len(others):,} others", sums(others))]
    return found


def sums(pages: list[Leaving]) -> list[float]:
    """How many leave on all these pages, by the furthest step they reached."""
    return [sum(column) for column in zip(*(parts for _, parts in pages), strict=True)]


def exits_subtitle(visits: Visits) -> str:
    """How many leave without buying."""
    left = (visits.now[SESSIONS] or 0) - (visits.now[STEPS[-1].metric] or 0)
    sessions = f"{formats.count(left)} sessions without a purchase"
    return f"The last page of the {sessions}, by the furthest step reached."


def numbers_table(visits: Visits) -> pa.Table:
    """The table behind the page: a row per part, null where a rate has no value."""
    columns = figures.part_columns(visits)
    columns |= {name: [row.get(name) or 0.0 for row in visits.rows] for name in COUNTS}
    columns |= {name: pa.array([row.get(name) for row in visits.rows], pa.float64()) for name in RATES}
    return pa.table(columns)
