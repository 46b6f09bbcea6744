"""The tables that all shards share, as they are delivered: the catalogue, the plans, the advertising."""

import numpy as np
import pyarrow as pa

from sample_company import defects as d
from sample_company import parameters as p
from sample_company import text
from sample_company.catalogue import CATEGORIES, PRODUCTS, Catalogue
from sample_company.defects import Account, Delivery
from sample_company.delivery_shop import PRODUCT_IDS
from sample_company.experiments import VARIANTS
from sample_company.parameters import DAY, END, Floats, Ints


def _texts(values: list[str | None]) -> pa.StringArray:
    return pa.array(values, pa.string())


def deliver_stores(rng: np.random.Generator, account: Account) -> pa.Table:
    """The online shop and the eleven others."""
    columns = {
        "store_id": _texts([store.store_id for store in p.STORES]),
        "store_name": _texts([store.name for store in p.STORES]),
        "store_type": _texts(["online", *["retail"] * (len(p.STORES) - 1)]),
        "country_code": _texts([store.country for store in p.STORES]),
        "city": _texts([store.city for store in p.STORES]),
        "opened_on": _texts([store.opened_on.isoformat() for store in p.STORES]),
    }
    delivery = Delivery("shop.stores", columns, rng, account)
    delivery.spoil("padded_text", "store_type", 1, d.padded)
    delivery.spoil("mixed_case", "country_code", 1, d.mixed_case)
    delivery.spoil("other_time_format", "opened_on", 1, lambda t, _n: d.other_format(t, 2))
    return delivery.table_text()


def deliver_products(catalogue: Catalogue, rng: np.random.Generator, account: Account) -> pa.Table:
    """Products: renamed and discontinued ones have an older version."""
    number = np.arange(PRODUCTS)
    ended = catalogue.sold_until < END
    renamed = (rng.random(PRODUCTS) < 0.10) & ~ended & (catalogue.created_at < 0)
    changed_at = np.where(ended, catalogue.sold_until, catalogue.created_at)
    changed_at = np.where(renamed, rng.integers(40, 690, PRODUCTS) * DAY + 9 * 3600, changed_at)
    columns = {
        "product_id": _texts(list(PRODUCT_IDS)),
        "sku": _texts(
            [f"LK-{CATEGORIES[c][:2].upper()}-{1000 + 7 * i}" for i, c in enumerate(catalogue.category)]
        ),
        "product_name": _texts(list(catalogue.names)),
        "category": text.labels(catalogue.category, CATEGORIES),
        "subcategory": _texts(list(catalogue.subcategories)),
        "is_active": text.labels(ended.astype(np.int64), ("true", "false")),
        "created_at": text.timestamps(catalogue.created_at),
        "updated_at": text.timestamps(changed_at),
    }
    delivery = Delivery("shop.products", columns, rng, account)
    old = delivery.pick(PRODUCTS, ended | renamed)
    names = [f"{catalogue.names[i]} (old)" if renamed[i] else catalogue.names[i] for i in old]
    created = text.timestamps(catalogue.created_at[old])
    delivery.again("older_version", old, product_name=names, is_active="true", updated_at=created)
    delivery.again("exact_copy", delivery.pick(2))
    delivery.spoil("blank_for_null", "sku", 2, d.blank)
    delivery.spoil("not_available_for_null", "subcategory", 2, d.not_available)
    delivery.spoil("padded_text", "category", 4, d.padded)
    delivery.spoil("mixed_case", "is_active", 3, lambda t, _n: t.upper())
    delivery.spoil("other_time_format", "created_at", 3, d.other_format)
    delivery.again(
        "no_id", delivery.pick(1, number > 0), outcome=d.REJECTED, reason=d.MISSING, product_id=None
    )
    delivery.again(
        "not_a_boolean", delivery.pick(1), outcome=d.REJECTED, reason=d.BAD_BOOLEAN, is_active="soon"
    )
    return delivery.table_text()


def deliver_prices(catalogue: Catalogue, rng: np.random.Generator, account: Account) -> pa.Table:
    """Price and cost changes."""
    columns = {
        "product_id": text.labels(catalogue.change_product, PRODUCT_IDS),
        "effective_at": text.timestamps(catalogue.change_at),
        "unit_cost": text.money(catalogue.change_cost, catalogue.change_cost < 0),
        "list_price": text.money(catalogue.change_list),
        "currency_code": _texts(["USD"] * len(catalogue.change_at)),
    }
    delivery = Delivery("shop.product_prices", columns, rng, account)
    delivery.note("unknown_cost", np.flatnonzero(catalogue.change_cost < 0))
    ordinary = catalogue.change_product != p.MISPRICED_PRODUCT
    delivery.again("exact_copy", delivery.pick(3, ordinary))
    delivery.spoil(
        "thousands_separator", "list_price", 4, d.thousands, where=catalogue.change_list >= 100_000
    )
    delivery.spoil("other_time_format", "effective_at", 4, d.other_format, where=ordinary)
    delivery.spoil("mixed_case", "currency_code", 3, lambda t, _n: t.lower())
    delivery.spoil("blank_for_null", "unit_cost", 2, d.blank, where=catalogue.change_cost < 0)
    delivery.spoil("not_available_for_null", "unit_cost", 2, d.not_available, where=catalogue.change_cost < 0)
    for case, reason, wrong in (
        ("price_negative", d.NEGATIVE, "-5.00"),
        ("not_a_number", d.BAD_NUMBER, "tbd"),
    ):
        row = delivery.pick(1, ordinary)
        later = text.timestamps(catalogue.change_at[row] + 3_600)
        delivery.again(case, row, outcome=d.REJECTED, reason=reason, list_price=wrong, effective_at=later)
    return delivery.table_text()


def deliver_rates(catalogue: Catalogue, rng: np.random.Generator, account: Account) -> pa.Table:
    """Exchange rates of the days on which they were published."""
    days = np.repeat(np.flatnonzero(catalogue.is_published), len(p.CURRENCIES))
    currency = np.tile(np.arange(len(p.CURRENCIES)), int(catalogue.is_published.sum()))
    rates = catalogue.usd_per_unit[currency, days]
    columns = {
        "rate_date": text.dates(days),
        "currency_code": text.labels(currency, p.CURRENCIES),
        "usd_per_unit": _texts([f"{rate:.6f}" for rate in rates]),
    }
    delivery = Delivery("shop.exchange_rates", columns, rng, account)
    delivery.again("exact_copy", delivery.pick(4))
    delivery.spoil("other_time_format", "rate_date", 4, lambda t, n: d.other_format(t, 1 + n % 2))
    delivery.spoil("mixed_case", "currency_code", 4, lambda t, _n: t.lower())
    delivery.spoil("padded_text", "currency_code", 4, d.padded)
    broken = delivery.pick(2)
    delivery.again(
        "not_a_number", broken, outcome=d.REJECTED, reason=d.BAD_NUMBER, usd_per_unit=["n.a.", "1,27"]
    )
    no_day = delivery.pick(1)
    delivery.again("ambiguous_day", no_day, outcome=d.REJECTED, reason=d.BAD_DATE, rate_date="03/04/2025")
    return delivery.table_text()


def deliver_ad_spend(clicks: Ints, rng: np.random.Generator, account: Account, scale: int) -> pa.Table:
    """What each campaign cost each day; `clicks` by campaign and day are those that became visits."""
    untracked = rng.poisson(p.UNTRACKED_CLICKS_PER_DAY * scale, clicks.shape)
    total = np.rint(clicks * p.CLICK_GROWTH).astype(np.int64) + untracked
    prices = np.array([campaign.cost_per_click for campaign in p.CAMPAIGNS])[:, None]
    rates = np.array([campaign.click_rate for campaign in p.CAMPAIGNS])[:, None]
    cost = np.rint(total * prices * rng.lognormal(0, 0.12, total.shape) * 100).astype(np.int64)
    impressions = total + rng.poisson((total + 0.4 * scale) / rates)
    day, campaign = np.divmod(np.arange(total.size), len(p.CAMPAIGNS))
    columns = {
        "spend_date": text.dates(day),
        "channel": text.labels(campaign, [c.channel for c in p.CAMPAIGNS]),
        "campaign": text.labels(campaign, [c.name for c in p.CAMPAIGNS]),
        "impressions": text.numbers(impressions.T.ravel()),
        "clicks": text.numbers(total.T.ravel()),
        "cost": text.money(cost.T.ravel()),
        "currency_code": text.labels(campaign, [c.currency for c in p.CAMPAIGNS]),
    }
    delivery = Delivery("ads.ad_spend", columns, rng, account)
    delivery.again("exact_copy", delivery.pick(6))
    delivery.spoil(
        "thousands_separator", "impressions", 20, d.thousands, where=impressions.T.ravel() >= 1_000
    )
    delivery.spoil("padded_text", "campaign", 12, d.padded)
    delivery.spoil("mixed_case", "channel", 12, d.mixed_case)
    delivery.spoil("other_time_format", "spend_date", 8, lambda t, n: d.other_format(t, 1 + n % 2))
    source = delivery.pick(4)
    delivery.again("not_a_number", source[:2], outcome=d.REJECTED, reason=d.BAD_NUMBER, clicks="many")
    delivery.again("cost_negative", source[2:], outcome=d.REJECTED, reason=d.NEGATIVE, cost="-1.00")
    return delivery.table_text()


def deliver_experiments(account: Account) -> dict[str, pa.Table]:
    """The three experiments and their arms."""
    experiments = pa.table({
        "experiment_id": _texts([e.experiment_id for e in p.EXPERIMENTS]),
        "experiment_name": _texts([e.name for e in p.EXPERIMENTS]),
        "hypothesis": _texts([e.hypothesis for e in p.EXPERIMENTS]),
        "owner": _texts([e.owner for e in p.EXPERIMENTS]),
        "unit": _texts([e.unit for e in p.EXPERIMENTS]),
        "primary_metric": _texts([e.primary_metric for e in p.EXPERIMENTS]),
        "started_at": _texts([f"{e.first} 00:00:00" for e in p.EXPERIMENTS]),
        "ended_at": _texts([f"{e.last} 23:59:59" for e in p.EXPERIMENTS]),
    })  # fmt: skip
    arms = [(e.experiment_id, variant) for e in p.EXPERIMENTS for variant in VARIANTS]
    variants = pa.table({
        "experiment_id": _texts([experiment for experiment, _ in arms]),
        "variant": _texts([variant for _, variant in arms]),
        "is_control": _texts(["true" if variant == VARIANTS[0] else "false" for _, variant in arms]),
        "allocation": _texts(["0.5"] * len(arms)),
    })  # fmt: skip
    account.raw["experiments.experiments"] = len(experiments)
    account.raw["experiments.variants"] = len(variants)
    return {"experiments.experiments": experiments, "experiments.variants": variants}


def deliver_targets(targets: Floats, rng: np.random.Generator, account: Account) -> pa.Table:
    """The budget sheet; `targets` in USD by month and category."""
    months = [f"{2024 + (6 + m) // 12}-{(6 + m) % 12 + 1:02}-01" for m in range(len(targets))]
    columns = {
        "target_month": _texts([month for month in months for _ in CATEGORIES]),
        "category": _texts([category for _ in months for category in CATEGORIES]),
        "target_net_sales_usd": text.money(np.rint(targets.ravel() * 100).astype(np.int64)),
    }
    delivery = Delivery("planning.sales_targets", columns, rng, account)
    delivery.again("exact_copy", delivery.pick(2))
    delivery.spoil(
        "thousands_separator", "target_net_sales_usd", 20, d.thousands, where=targets.ravel() >= 1_000
    )
    delivery.spoil("padded_text", "category", 5, d.padded)
    delivery.spoil("other_time_format", "target_month", 3, lambda t, n: d.other_format(t, 1 + n % 2))
    broken = delivery.pick(2)
    delivery.again(
        "not_a_number",
        broken,
        outcome=d.REJECTED,
        reason=d.BAD_NUMBER,
        target_net_sales_usd=["open", "12,5OO"],
    )
    return delivery.table_text()
