"""How visits go on from the page they start on, as numbers and words. Draws nothing."""

from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.grid import Cell, cells
from dashboard.filters import Filters, Setting
from dashboard.metrics import Served
from dashboard.periods import Grain, Part, parts
from dashboard.queries import funnel
from dashboard.queries.figures import Row
from dashboard.queries.funnel import HEADINGS, SESSIONS, Visits, page_name, rate_cells
from dashboard.requests import PART, Query

LANDING_PAGE, BUYERS, RATE = "landing_page", "purchase_sessions", "conversion_rate"
STEPS, OVER_TIME = "Steps", "Over time"
VIEW = Setting("landing", "Landing pages", (STEPS, OVER_TIME))
STEP_HEADINGS = (HEADINGS[0], "Bounces", *HEADINGS[1:])
MOST_PAGES, MOST_PARTS = 10, 31
FEW = 20
"""Below so many sessions a rate tells little."""
LEAST_STRENGTH, STRENGTH_OF_FEW, STRENGTH = 0.04, 0.25, 0.55


def busiest(visits: Visits) -> list[Row]:
    """The landing pages that the grids show."""
    return visits.landing_pages[:MOST_PAGES]


def which(visits: Visits) -> str:
    """Which landing pages the grids show, in words."""
    if len(visits.landing_pages) > MOST_PAGES:
        return f"The {MOST_PAGES} busiest of {len(visits.landing_pages):,} landing pages"
    return "All landing pages"


def steps_grid(visits: Visits) -> dict[str, pa.Table]:
    """What `charts.grid` draws: the busiest landing pages, and how far those get who land there."""
    total = visits.now[SESSIONS]
    rows = {}
    for row in busiest(visits):
        sessions, *steps = rate_cells(row, total)
        bounces = Cell(
            formats.percent(row["bounce_rate"]),
            short_words=formats.percent_short(row["bounce_rate"]),
            length=row["bounce_rate"] or 0.0,
            tone="grey",
        )
        rows[page_name(row[LANDING_PAGE])] = [sessions, bounces, *steps]
    return cells(LANDING_PAGE, STEP_HEADINGS, rows)


def cohort_parts(filters: Filters) -> list[Part]:
    """The parts of time by which visits are put together: the page's, or longer ones where they are many."""
    grains = list(Grain)
    for grain in grains[grains.index(filters.grain) :]:
        found = parts(filters.period, grain)
        if len(found) <= MOST_PARTS:
            break
    return found


def cohorts(served: Served, filters: Filters, found: list[Part]) -> dict[tuple[str | None, Any], Row]:
    """Sessions, those with a purchase and their share, by landing page and first day of a part."""
    query = Query(
        (SESSIONS, BUYERS, RATE), filters.period, (found[0].grain, LANDING_PAGE), filters.selection()
    )
    return {(row[LANDING_PAGE], row[PART]): row for row in served.run(query).to_pylist()}


def cohorts_grid(
    visits: Visits, found: list[Part], known: dict[tuple[str | None, Any], Row]
) -> dict[str, pa.Table]:
    """What `charts.grid` draws: the conversion rate of those who land on a page in a part of time."""
    pages = [row[LANDING_PAGE] for row in busiest(visits)]
    rows = {page: [known.get((page, part.whole.start), {}) for part in found] for page in pages}
    rates = [row[RATE] for values in rows.values() for row in values if (row.get(SESSIONS) or 0) >= FEW]
    highest = max(rates, default=0.0) or 1.0
    return cells(
        LANDING_PAGE,
        [part.label for part in found],
        {page_name(page): [cohort_cell(row, highest) for row in values] for page, values in rows.items()},
    )


def cohort_cell(row: Row, highest: float) -> Cell:
    """A conversion rate: the higher, the stronger the colour; pale where it is of few sessions."""
    sessions = row.get(SESSIONS) or 0.0
    if not sessions:
        return Cell(formats.NOTHING, strength=0.0, detail="no sessions", is_pale=True)
    rate, buyers = row[RATE], row[BUYERS]
    highest_strength = STRENGTH if sessions >= FEW else STRENGTH_OF_FEW
    return Cell(
        formats.percent_short(rate),
        strength=LEAST_STRENGTH + (highest_strength - LEAST_STRENGTH) * min(1.0, rate / highest),
        detail=f"{formats.percent(rate)} ({formats.count(buyers)} of {formats.count(sessions)} sessions)",
        is_pale=sessions < FEW,
    )


def cohort_headings(found: list[Part]) -> tuple[str, ...]:
    """What stands above the columns, in two lines: the part, and its month or year where that is new."""
    headings = []
    below = ""
    for part in found:
        start = part.whole.start
        match part.grain:
            case Grain.DAY | Grain.WEEK:
                above, belongs_to = f"{start.day}", f"{start:%b}"
            case Grain.MONTH:
                above, belongs_to = f"{start:%b}", f"{start.year}"
            case Grain.QUARTER:
                above, belongs_to = f"Q{(start.month + 2) // 3}", f"{start.year}"
            case Grain.YEAR:
                above, belongs_to = f"{start.year}", ""
        headings.append(f"{above}\n{' ' if belongs_to == below else belongs_to}")
        below = belongs_to
    return tuple(headings)


def numbers_table(visits: Visits) -> pa.Table:
    """The table of all landing pages."""
    names = (*funnel.COUNTS, "bounce_rate", *funnel.RATES, "average_session_seconds")
    pages = [page_name(row[LANDING_PAGE]) for row in visits.landing_pages]
    return pa.table(
        {LANDING_PAGE: pages} | {name: [row[name] for row in visits.landing_pages] for name in names}
    )
