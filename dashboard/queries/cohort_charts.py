"""What the charts of cohorts draw, and in words. Draws nothing."""

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.queries.cohorts import RETENTION, Cohorts
from dashboard.queries.figures import Row

AVERAGE = "All"
STRONGEST = 0.5
"""How opaque the strongest shade is: words on it keep their contrast in both themes."""


def triangle_tables(cohorts: Cohorts) -> dict[str, pa.Table]:
    """What `charts.cohorts.triangle` draws: all cohorts, then each, with a cell per month that has begun."""
    values = {
        (row["cohort_month_date"], row["month_number"]): cohorts.measured([row]) for row in cohorts.rows
    }
    # All of a cohort order in its first month: that says nothing, and must not make the rest pale.
    starts_at = 1 if cohorts.view == RETENTION else 0
    strongest = max([abs(value) for (_, month), value in values.items() if month >= starts_at], default=0.0)

    def cell(name: str, row: Row, value: float, detail: str) -> Row:
        month = row["month_number"]
        is_given = month < starts_at
        return {
            "cohort": name,
            "place": float(month),
            "end": month + 1.0,
            "words": cohorts.say_short(value),
            "short_words": cohorts.say_short(value).strip("$%"),
            "detail": cohorts.say(value),
            "month_words": month_words(month),
            "note": detail,
            "tone": "grey" if is_given else "less" if value < 0 else "plain",
            "strength": STRONGEST * (0.4 if is_given else abs(value) / (strongest or 1.0)),
            "is_open": not row["is_complete"],
        }

    cells = [
        cell(AVERAGE, rows[0], cohorts.measured(rows), cohorts_words(len(rows)))
        for rows in cohorts.averages().values()
    ]
    sizes = {AVERAGE: 0}
    for row in cohorts.rows:
        name, size = cohort_name(row), row["cohort_customer_count"]
        sizes[name] = size
        value = values[row["cohort_month_date"], row["month_number"]]
        note = f"{formats.count(row['active_customer_count'])} of {formats.count(size)} customers ordered"
        cells.append(cell(name, row, value, note + ("" if row["is_complete"] else ", and the month goes on")))
    sizes[AVERAGE] = sum(sizes.values())
    rows = [{"cohort": name, "size": formats.count(size)} for name, size in sizes.items()]
    return {NUMBERS.name: pa.Table.from_pylist(cells), ROWS.name: pa.Table.from_pylist(rows)}


def curve_tables(cohorts: Cohorts) -> dict[str, pa.Table]:
    """What `charts.cohorts.curves` draws: a line per cohort, and that of all in `rows`."""
    starts_at = 1 if cohorts.view == RETENTION else 0

    def point(name: str, rows: list[Row], note: str) -> Row:
        value, row = cohorts.measured(rows), rows[0]
        return {
            "cohort": name,
            "month": row["month_number"],
            "value": value,
            "whole": value if row["is_complete"] else None,
            "words": cohorts.say(value),
            "month_words": month_words(row["month_number"]),
            "note": note,
        }

    lines = [
        point(cohort_name(row), [row], "" if row["is_complete"] else "the month is not over")
        for row in cohorts.rows
        if row["month_number"] >= starts_at
    ]
    average = [
        point("All cohorts", rows, cohorts_words(len(rows)))
        for month, rows in cohorts.averages().items()
        if month >= starts_at
    ]
    schema = pa.schema(
        {
            **{name: pa.string() for name in ("cohort", "words", "month_words", "note")},
            "month": pa.int64(),
            **{name: pa.float64() for name in ("value", "whole")},
        }
    )
    return {
        NUMBERS.name: pa.Table.from_pylist(lines, schema),
        ROWS.name: pa.Table.from_pylist(average, schema),
    }


def in_words(cohorts: Cohorts) -> str:
    """The averages in a sentence, for who cannot see them."""
    said = [
        f"{cohorts.say(cohorts.measured(rows))} {month_words(month)}"
        for month, rows in cohorts.averages().items()
        if month in (1, 3, 6, 12)
    ]
    return (
        f"All cohorts together: {', '.join(said)}." if said else "No month after a first order is over yet."
    )


def cohort_name(row: Row) -> str:
    """The cohort's month: Jul 2025."""
    return f"{row['cohort_month_date']:%b %Y}"


def month_words(month: int) -> str:
    """How long after the first order: the month of it, or 3 months later."""
    if not month:
        return "the month of the first order"
    return "a month later" if month == 1 else f"{month} months later"


def cohorts_words(count: int) -> str:
    """Of how many cohorts an average is."""
    return "of one cohort" if count == 1 else f"of {count} cohorts together"
