"""What is sold, at what price and cost, and what a currency is worth: shared by all shards."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sample_company import parameters as p
from sample_company.parameters import DAY, DAYS, Bools, Floats, Ints
from sample_company.streams import stream

LINES = {
    "Kitchen": (("Skillet", 45), ("Saucepan", 60), ("Chef Knife", 80), ("Mixing Bowl", 25), ("Board", 35)),
    "Dining": (("Plate Set", 85), ("Glass Set", 45), ("Dining Table", 1_090), ("Chair", 160), ("Tray", 38)),
    "Bedroom": (("Duvet Cover", 90), ("Pillow", 40), ("Bed Frame", 960), ("Sheet Set", 75), ("Throw", 55)),
    "Bathroom": (("Towel Set", 48), ("Bath Mat", 28), ("Shower Curtain", 32), ("Dish", 18), ("Stool", 64)),
    "Lighting": (("Table Lamp", 75), ("Floor Lamp", 150), ("Pendant", 120), ("Lights", 24), ("Lantern", 36)),
    "Textiles": (("Rug", 240), ("Cushion", 35), ("Curtain", 70), ("Blanket", 65), ("Tablecloth", 42)),
    "Decor": (("Vase", 34), ("Mirror", 130), ("Picture Frame", 26), ("Wall Clock", 48), ("Planter", 36)),
    "Storage": (("Shelf", 150), ("Basket", 30), ("Box", 22), ("Hook Rail", 18), ("Cabinet", 420)),
}  # fmt: skip
CATEGORIES = tuple(LINES)
COLLECTIONS = (("Alder", 0.85), ("Harbour", 1.0), ("Heath", 1.3))
PRODUCTS = len(CATEGORIES) * 15
UNKNOWN_COST = (9, 58, 101)  # products whose cost nobody ever entered
LAUNCHED, DISCONTINUED = 14, 6
BANK_HOLIDAYS = {(12, 25), (12, 26), (1, 1)}


@dataclass(frozen=True)
class Catalogue:
    """Products, price changes and exchange rates; arrays of one entry per product, change or day."""

    names: list[str]
    subcategories: list[str]
    category: Ints
    created_at: Ints
    sold_until: Ints
    popularity: Floats
    change_product: Ints
    change_at: Ints
    change_cost: Ints
    change_list: Ints
    usd_per_unit: Floats
    is_published: Bools

    def list_price(self, product: Ints, at: Ints) -> Ints:
        """The list price in USD cents that is valid for each product at each second."""
        base = 4 * p.END
        keys = self.change_product * base + self.change_at + p.END
        found = np.searchsorted(keys, product * base + at + p.END, side="right") - 1
        return self.change_list[found]

    def rate(self, currency: Ints, at: Ints) -> Floats:
        """The published USD per unit of each currency at each second, carried forward over closed days."""
        return self.usd_per_unit[currency, at // DAY]

    def draw(self, rng: np.random.Generator, at: Ints) -> Ints:
        """A product that is on sale at each second, popular ones more often."""
        cumulative = np.cumsum(self.popularity)
        cumulative /= cumulative[-1]
        drawn = np.searchsorted(cumulative, rng.random(len(at)))
        absent = np.flatnonzero((at < self.created_at[drawn]) | (at >= self.sold_until[drawn]))
        while len(absent):
            drawn[absent] = np.searchsorted(cumulative, rng.random(len(absent)))
            still = (at[absent] < self.created_at[drawn[absent]]) | (
                at[absent] >= self.sold_until[drawn[absent]]
            )
            absent = absent[still]
        return drawn


def build_catalogue(seed: int) -> Catalogue:
    """The same catalogue for every shard."""
    rng = stream(seed, None, "catalogue")
    names, subcategories, base = [], [], []
    for things in LINES.values():
        for thing, price in things:
            for collection, factor in COLLECTIONS:
                names.append(f"{collection} {thing}")
                subcategories.append(thing)
                base.append(price * factor)
    base_price = np.array(base) * rng.uniform(0.95, 1.05, PRODUCTS)
    created_at = -rng.integers(20, 900, PRODUCTS) * DAY + 6 * 3600
    sold_until = np.full(PRODUCTS, 2 * p.END)
    special = {p.MISPRICED_PRODUCT, p.VIRAL_PRODUCT, p.RECALLED_PRODUCT}
    ordinary = np.array([i for i in range(PRODUCTS) if i not in special])
    chosen = rng.choice(ordinary, LAUNCHED + DISCONTINUED, replace=False)
    created_at[chosen[:LAUNCHED]] = np.sort(rng.integers(50, 640, LAUNCHED)) * DAY + 6 * 3600
    sold_until[chosen[LAUNCHED:]] = rng.integers(300, 680, DISCONTINUED) * DAY
    popularity = base_price**-0.8 * rng.lognormal(0, 0.35, PRODUCTS)
    popularity[[p.RECALLED_PRODUCT, p.MISPRICED_PRODUCT]] = popularity.mean() * np.array([2.2, 0.9])
    changes = _price_changes(rng, base_price, created_at)
    rates, published = _exchange_rates(stream(seed, None, "rates"))
    return Catalogue(
        names, subcategories, np.arange(PRODUCTS) // 15, created_at, sold_until, popularity,
        changes[:, 0], changes[:, 1], changes[:, 2], changes[:, 3], rates, published,
    )  # fmt: skip


def _charm(price: float) -> int:
    return max(round(price), 2) * 100 - 1


def _price_changes(rng: np.random.Generator, base_price: Floats, created_at: Ints) -> Ints:
    """Rows of product, second, cost in cents (-1: unknown) and list price in cents, sorted."""
    wrong_from = p.second_of(p.MISPRICED_DAYS[0])
    wrong_until = p.second_of(p.MISPRICED_DAYS[1] + timedelta(days=1))
    rows = []
    for product in range(PRODUCTS):
        price = float(base_price[product])
        cost = price * rng.uniform(0.40, 0.58)
        first = int(created_at[product])
        days = rng.choice(np.arange(30, DAYS - 20), int(rng.poisson(1.8)), replace=False)
        times = [first, *sorted(int(d) * DAY + 5 * 3600 for d in days if d * DAY > first + 20 * DAY)]
        for at in times:
            if product == p.MISPRICED_PRODUCT and abs(at - wrong_from) < 20 * DAY:
                continue
            known = product not in UNKNOWN_COST and rng.random() > 0.015
            rows.append((product, at, round(cost * 100) if known else -1, _charm(price)))
            cost *= 1 + rng.normal(0.025, 0.03)
            price *= 1 + (rng.normal(0.035, 0.04) if rng.random() < 0.8 else 0.0)
        if product == p.MISPRICED_PRODUCT:
            before = max(row for row in rows if row[0] == product and row[1] < wrong_from)
            rows.append((product, wrong_from, before[2], before[3] // 10))
            rows.append((product, wrong_until, before[2], before[3]))
    return np.array(sorted(rows), dtype=np.int64)


def _exchange_rates(rng: np.random.Generator) -> tuple[Floats, Bools]:
    """USD per unit by currency and day, and whether the day's rates were published."""
    days = [p.FIRST_DAY + timedelta(days=i) for i in range(DAYS)]
    published = np.array([d.weekday() < 5 and (d.month, d.day) not in BANK_HOLIDAYS for d in days])
    rates = np.ones((3, DAYS))
    for currency, level in ((1, 1.28), (2, 1.09)):
        value = level
        for day in range(DAYS):
            if published[day] and day:
                value += 0.01 * (level - value) + level * rng.normal(0, 0.0035)
            rates[currency, day] = round(value, 6)
    return rates, published
