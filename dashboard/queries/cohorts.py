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
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.definitions import Meaning, Rows
from dashboard.filters import Filters, Setting
from dashboard.metrics import Served
from dashboard.periods import Grain, Period, months_later
from dashboard.queries.customers import CUSTOMER_TYPE, of_all_orders
from dashboard.queries.figures import Row
from dashboard.requests import Query, Selection

MART, SIZE = "fct_customer_cohorts", "cohort_customer_count"
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
    def numerator(self) -> str:
        """The column that is divided by SIZE."""
        return "active_customer_count" if self.view == RETENTION else "cumulative_net_sales_usd"

    @property
    def words(self) -> str:
        """From which month to which."""
        first, last = self.months[0], self.months[-1]
        return f"{first:%B %Y}" if first == last else f"{first:%B %Y} {formats.DASH} {last:%B %Y}"

    def measured(self, rows: list[Row]) -> float:
        """The rows' retention, or net sales so far per customer: of all their customers together."""
        return float(sum(row[self.numerator] for row in rows)) / int(sum(row[SIZE] for row in rows))

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
    found = served.summarize(bought(served, selection), WITHIN)
    is_complete = pc.less_equal(found["month_end_date"], pa.scalar(served.data.end))
    return found.drop_columns(["month_end_date"]).append_column("is_complete", is_complete)


def bought(served: Served, selection: Selection) -> Query:
    """What customers bought by month, of what a selection leaves."""
    days = Period(date.min, month_end(served.data.end))
    return Query(BOUGHT, days, (Grain.MONTH, "customer"), selection)


def meaning(served: Served, cohorts: Cohorts, filters: Filters) -> Meaning:
    """How the cells are worked out: from the mart, or within filters from the customers' orders."""
    selection = of_all_orders(filters)
    source, note = f"marts.{MART}", ""
    if selection:
        source = f"(with answer as ({served.sql(bought(served, selection))}){WITHIN})"
        note = "Within filters, worked out in the same way from the orders that they leave."
    columns = ("cohort_month_date", "month_number", cohorts.numerator, SIZE)
    sql = (
        f"select {', '.join(columns)}, {cohorts.numerator} * 1.0e0 / {SIZE} as value\nfrom {source}\n"
        f"where cohort_month_date between '{cohorts.months[0]}' and '{cohorts.months[-1]}'\n"
        "order by cohort_month_date, month_number"
    )
    return Meaning(MART, columns, sql, f"{cohorts.numerator} / {SIZE}", note)


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
