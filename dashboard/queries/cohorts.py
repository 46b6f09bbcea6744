"""Customers by the month of their first order, as numbers and words. Draws nothing.

A cohort is followed to the end of the data. What has not come yet has no cell, and is never 0. Within
filters, first and later orders are those that the filters leave.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.definitions import Rows
from dashboard.filters import Filters, Setting
from dashboard.metrics import Served
from dashboard.periods import Grain, Period, months_later
from dashboard.queries.customers import CUSTOMER_TYPE, of_all_orders
from dashboard.queries.figures import Row
from dashboard.requests import Query, Selection

MART = "fct_customer_cohorts"
BOUGHT = ("orders", "net_sales")
WITHIN = """
    , first_orders as (
        select customer, min(metric_time__month) as cohort_month
        from answer
        where customer is not null and orders > 0
        group by customer
    ),
    cohorts as (
        select cohort_month, count(*) as customer_count from first_orders group by cohort_month
    ),
    months as (
        select cast(unnest(generate_series(min(cohort_month), $last_day, interval 1 month)) as date) as month
        from cohorts
    ),
    bought as (
        select
            cohort_month,
            greatest(metric_time__month, cohort_month) as month,
            count(distinct customer) filter (where orders > 0) as customer_count,
            sum(orders) as order_count,
            sum(net_sales) as net_sales_usd
        from answer
        inner join first_orders using (customer)
        group by all
    )
    select
        cast(cohort_month as date) as cohort_month_date,
        datediff('month', cohort_month, month) as month_number,
        cohorts.customer_count as cohort_customer_count,
        coalesce(bought.customer_count, 0) as active_customer_count,
        cast(coalesce(bought.order_count, 0) as bigint) as order_count,
        coalesce(bought.net_sales_usd, 0) as net_sales_usd,
        sum(coalesce(bought.net_sales_usd, 0)) over (partition by cohort_month order by month)
            as cumulative_net_sales_usd,
        last_day(month) as month_end_date
    from cohorts
    inner join months on months.month >= cohorts.cohort_month
    left join bought using (cohort_month, month)
"""
"""The mart's columns that are shown, of what some selection leaves of the customers' orders by month."""
RETENTION, VALUE = "Retention", "Net sales per customer"
VIEW = Setting("cohorts", "Cohorts", (RETENTION, VALUE))
LEAST_MONTHS = 12
AVERAGE = "All"
STRONGEST = 0.5
"""How opaque the strongest shade is: words on it keep their contrast in both themes."""
COLUMNS = {
    "cohort": Column("First order", TEXT),
    "month_number": Column("Months since", COUNT),
    "cohort_customer_count": Column("Customers of the cohort", COUNT),
    "active_customer_count": Column("Customers who ordered", COUNT),
    "retention_rate": Column("Retention", RATE),
    "order_count": Column("Orders", COUNT),
    "net_sales_usd": Column("Net sales", USD),
    "cumulative_net_sales_usd": Column("Net sales so far", USD),
    "cumulative_net_sales_per_customer_usd": Column("Net sales so far per customer", USD),
    "is_complete": Column("Month is over", TEXT),
}


@dataclass(frozen=True)
class Cohorts:
    """The cohorts of some months, rows of the mart in the order of cohort and month; `view` says of what."""

    rows: list[Row]
    view: str

    @property
    def months(self) -> list[date]:
        """The first days of the cohorts' months."""
        return sorted({row["cohort_month_date"] for row in self.rows})

    @property
    def last_month(self) -> int:
        """The most months since a first order."""
        return max((row["month_number"] for row in self.rows), default=0)

    @property
    def has_open(self) -> bool:
        """Whether the data's last month is not over."""
        return not all(row["is_complete"] for row in self.rows)

    @property
    def words(self) -> str:
        """From which month to which."""
        first, last = self.months[0], self.months[-1]
        return f"{first:%B %Y}" if first == last else f"{first:%B %Y} {formats.DASH} {last:%B %Y}"

    def measured(self, rows: list[Row]) -> float:
        """The rows' retention, or net sales so far per customer: of all their customers together."""
        name = "active_customer_count" if self.view == RETENTION else "cumulative_net_sales_usd"
        return float(sum(row[name] for row in rows)) / int(sum(row["cohort_customer_count"] for row in rows))

    def say(self, value: float) -> str:
        """A value in words."""
        return formats.percent(value) if self.view == RETENTION else formats.money(value)

    def say_short(self, value: float) -> str:
        """A value in few words."""
        return formats.percent_short(value) if self.view == RETENTION else formats.money_short(value)

    def averages(self) -> dict[int, list[Row]]:
        """By month since, the rows that the average is of: the cohorts for which that month is over."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            if row["is_complete"]:
                found.setdefault(row["month_number"], []).append(row)
        return dict(sorted(found.items()))


def read(served: Served, filters: Filters, view: str) -> Cohorts:
    """The cohorts of the period's months, and of as many before as make a year."""
    last = Grain.MONTH.start_of(filters.period.end)
    first = min(Grain.MONTH.start_of(filters.period.start), months_later(last, 1 - LEAST_MONTHS))
    selection = of_all_orders(filters)
    rows = within(served, selection) if selection else served.rows(MART)
    found = [row for row in rows.to_pylist() if first <= row["cohort_month_date"] <= last]
    return Cohorts(sorted(found, key=lambda row: (row["cohort_month_date"], row["month_number"])), view)


def within(served: Served, selection: Selection) -> pa.Table:
    """The cohorts of what a selection leaves, as the mart has them: to the end of the data's last month."""
    days = Period(date.min, month_end(served.data.end))
    found = served.summarize(Query(BOUGHT, days, (Grain.MONTH, "customer"), selection), WITHIN)
    is_complete = pc.less_equal(found["month_end_date"], pa.scalar(served.data.end))
    return found.drop_columns(["month_end_date"]).append_column("is_complete", is_complete)


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return months_later(Grain.MONTH.start_of(day), 1) - timedelta(days=1)


def rows_behind(served: Served, cohorts: Cohorts, filters: Filters) -> tuple[Rows, ...]:
    """The order lines that make the cohorts' customers return; of their net sales refunds too.

    They are of the customers whose first orders, of those that the filters leave, lie in the months.
    """
    days, selection = Period(served.data.start, month_end(served.data.end)), of_all_orders(filters)
    months = {"first_order": cohorts.months[0], "last_order": month_end(cohorts.months[-1])}
    [orders] = served.behind("orders")
    sold = orders.rows(days, selection)
    customers = (
        f"select customer_id from {sold.mart} where {sold.where} group by customer_id"
        f" having min({orders.day}) between $first_order and $last_order"
    )

    def of_customers(rows: Rows) -> Rows:
        where = f"{rows.where} and customer_id in ({customers})"
        values = months | dict(rows.values)
        return replace(rows, where=where, values=values, words=f"of these cohorts' customers {rows.words}")

    metric = "orders" if cohorts.view == RETENTION else "net_sales"
    return tuple(of_customers(behind.rows(days, selection)) for behind in served.behind(metric))


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


def scope(cohorts: Cohorts, filters: Filters, end: date) -> str:
    """Whose first orders they are, to which day they are followed, and within which filters."""
    days = f"First orders of {cohorts.words}, followed to {formats.day_words(end)}" if cohorts.rows else ""
    return filters.scope(CUSTOMER_TYPE, days=days)


def subtitle(cohorts: Cohorts) -> str:
    """What the cells say, and what is not known yet."""
    if not cohorts.rows:
        return "Nobody ordered for the first time in these months."
    what = (
        "The share of a cohort that ordered in the month"
        if cohorts.view == RETENTION
        else "Net sales so far, in US dollars, per customer of the cohort"
    )
    open_words = " Dashed: a month that is not over, and may still grow." if cohorts.has_open else ""
    return f"{what}. Down: the month of the first order; across: months since.{open_words}"


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


def numbers_table(cohorts: Cohorts) -> pa.Table:
    """The table behind the cohorts: the mart's rows, and the rates that are drawn."""
    columns: dict[str, Any] = {
        "cohort": [f"{row['cohort_month_date']:%Y-%m}" for row in cohorts.rows],
        **{
            name: [row[name] for row in cohorts.rows]
            for name in ("month_number", "cohort_customer_count", "active_customer_count", "order_count")
        },
        **{
            name: [float(row[name]) for row in cohorts.rows]
            for name in ("net_sales_usd", "cumulative_net_sales_usd")
        },
        "retention_rate": [Cohorts([], RETENTION).measured([row]) for row in cohorts.rows],
        "cumulative_net_sales_per_customer_usd": [Cohorts([], VALUE).measured([row]) for row in cohorts.rows],
        "is_complete": ["yes" if row["is_complete"] else "no" for row in cohorts.rows],
    }
    return pa.table({name: columns[name] for name in COLUMNS})
