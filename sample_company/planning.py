"""The budget: net sales by month and category, from the plan of the business and not from what happened."""

import numpy as np

from sample_company import parameters as p
from sample_company.catalogue import CATEGORIES, Catalogue
from sample_company.clock import day_factors
from sample_company.parameters import DAY, DAYS, Floats

ORDERS_A_DAY, PLANNED_GROWTH = 9.4, 0.37  # per shard at the launch, and what a year adds to it
NET_SALES_PER_LINE = 0.93  # of the list price times the usual quantity, after discounts and refunds
UNITS_PER_ORDER = 3.0
ROUNDING = 100.0


def plan_targets(catalogue: Catalogue, rng: np.random.Generator, scale: int) -> Floats:
    """Targets in USD, an array of months by categories, for a company of `scale` shards."""
    day = np.arange(DAYS)
    at = day * DAY
    orders = ORDERS_A_DAY * (1 + PLANNED_GROWTH * day / 365) * day_factors()
    products = np.arange(len(catalogue.category))
    on_sale = (at >= catalogue.created_at[:, None]) & (at < catalogue.sold_until[:, None])
    chance = catalogue.popularity[:, None] * on_sale
    chance = chance / chance.sum(axis=0)
    first_price = catalogue.list_price(products, np.maximum(catalogue.created_at, 0)) / 100
    inflation = 1 + 0.035 * day / 365
    sales = np.zeros((len(CATEGORIES), DAYS))
    np.add.at(sales, catalogue.category, chance * first_price[:, None])
    sales *= orders * inflation * UNITS_PER_ORDER * NET_SALES_PER_LINE
    month = (np.datetime64(p.FIRST_DAY, "D") + day).astype("datetime64[M]")
    months, position = np.unique(month, return_inverse=True)
    targets = np.zeros((len(months), len(CATEGORIES)))
    np.add.at(targets, position, sales.T)
    ambition = rng.uniform(0.95, 1.08, ((len(months) + 2) // 3, len(CATEGORIES))).repeat(3, axis=0)[
        : len(months)
    ]
    return np.rint(targets * ambition * scale / ROUNDING) * ROUNDING
