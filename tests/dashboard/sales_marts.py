"""The sales page's numbers straight from the marts, by SQL that is not MetricFlow's."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period
from dashboard.queries import sales
from dashboard.queries.sales import Ledger

PERIOD = Period(date(2025, 8, 10), date(2026, 6, 12))
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "all": {},
    "a region": {"region": ("Northern Europe",)},
    "two categories": {"category": ("Kitchen", "Dining")},
    "a store and a category": {"store": ("Larkspur London",), "category": ("Kitchen",)},
    "a product": {
        "category": ("Dining",),
        "subcategory": ("Dining Table",),
        "product": ("Heath Dining Table",),
    },
}
EXACT = 0.0049  # Half a cent: sums of money agree to the cent.
NAMED = """
    with named as (
        select facts.*, products.product_label as product, products.subcategory, stores.store_name as store
        from marts.{facts} as facts
        left join marts.dim_products as products on facts.product_id = products.product_id
        left join marts.dim_stores as stores on facts.store_id = stores.store_id
    )
"""
ORDER_CHANNEL = """
    coalesce(
        (
            select any_value(channel) from marts.fct_attribution as touches
            where touches.order_id = own.order_id and attribution_model = 'last_touch' and credit_rate > 0
        ),
        (
            select case store_type when 'retail' then 'In store' else 'Not tracked' end
            from marts.dim_stores as stores where stores.store_id = own.store_id
        )
    )
"""
"""The channel of a row `own` of sales: of its order's last visit, which is the one that it was bought in."""
Totals = dict[Any, dict[str, Decimal]]


def totals(marts: duckdb.DuckDBPyConnection, period: Period, chosen: dict[str, Any], by: str = "1") -> Totals:
    """Sums by a column straight from the marts, within what is chosen."""
    where = " and ".join(["true", *(f"list_contains(${name}, {name})" for name in chosen)])
    values = {**{name: [*names] for name, names in chosen.items()}, "first": period.start, "last": period.end}
    sold = marts.sql(
        NAMED.format(facts="fct_order_items")
        + f"""
        select
            {by.replace("day", "order_date")} as name, sum(gross_sales_usd) as gross,
            sum(discount_usd) as discounts, sum(sales_usd) as sales, sum(cost_of_goods_usd) as cost,
            sum(uncosted_sales_usd) as uncosted, sum(unit_count) as units
        from named where order_date between $first and $last and {where} group by 1
        """,
        params=values,
    )
    refunded = marts.sql(
        NAMED.format(facts="fct_refunds")
        + f"""
        select
            {by.replace("day", "refund_date")} as name, sum(refund_usd) as refunds,
            sum(uncosted_refund_usd) as uncosted_refunds
        from named where refund_date between $first and $last and {where} group by 1
        """,
        params=values,
    )
    found: Totals = {}
    for rows in (sold, refunded):
        names = rows.columns[1:]
        for name, *numbers in rows.fetchall():
            found.setdefault(name, {}).update(zip(names, numbers, strict=True))
    known = ("gross", "discounts", "sales", "cost", "uncosted", "units", "refunds", "uncosted_refunds")
    for row in found.values():
        row.update({name: row.get(name) or Decimal(0) for name in known})
        row["net"] = row["sales"] - row["refunds"]
        row["costed"] = row["net"] - row["uncosted"] + row["uncosted_refunds"]
        row["margin"] = row["costed"] - row["cost"]
    return found


def read(served: Served, chosen: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Ledger:
    return sales.read(
        served, Filters(**{"period": PERIOD, "grain": Grain.MONTH, "chosen": chosen or {}, **more})
    )


def without(chosen: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: values for key, values in chosen.items() if key != name}
