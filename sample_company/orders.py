"""Orders and their lines: products, quantities, prices, discounts, shipping, payment method and status."""

from dataclasses import dataclass

import numpy as np

from sample_company import parameters as p
from sample_company.catalogue import Catalogue
from sample_company.customers import People
from sample_company.parameters import DAY, Bools, Ints
from sample_company.purchases import Purchases

STATUSES = ("placed", "shipped", "completed", "cancelled")
PLACED, SHIPPED, COMPLETED, CANCELLED = range(4)
METHODS = ("card", "paypal", "invoice", "cash", "gift_card")
CARD, PAYPAL, INVOICE, CASH, GIFT_CARD = range(5)
COUPONS = (*(promotion.coupon for promotion in p.PROMOTIONS), p.WELCOME_COUPON)
LINE_SHARES = (0.38, 0.27, 0.18, 0.10, 0.05, 0.02)
QUANTITY_SHARES = (0.74, 0.17, 0.03, 0.06)


@dataclass(frozen=True)
class Orders:
    """The orders of one shard, sorted by time. Money is in cents of the order's currency."""

    purchases: Purchases
    currency: Ints
    coupon: Ints  # -1: none
    shipping: Ints  # -1: none, in a store
    status: Ints
    is_paid: Bools
    card_failed: Bools
    method: Ints
    shipped_at: Ints
    updated_at: Ints
    due: Ints

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.status)


@dataclass(frozen=True)
class Lines:
    """The lines of one shard's orders, in the order of the orders."""

    order: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    discount: Ints

    @property
    def net(self) -> Ints:
        """Quantity times price, less the discount."""
        return self.quantity * self.unit_price - self.discount

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.order)


def _coupons(rng: np.random.Generator, purchases: Purchases) -> Ints:
    coupon = np.full(len(purchases), -1)
    welcome = purchases.is_first & (rng.random(len(purchases)) < p.WELCOME_USE)
    coupon[welcome] = COUPONS.index(p.WELCOME_COUPON)
    uses = rng.random(len(purchases)) < p.PROMOTION_USE
    for number, promotion in enumerate(p.PROMOTIONS):
        coupon[uses & p.within(purchases.ordered_at, promotion.first, promotion.last)] = number
    coupon[~purchases.has_lines | (purchases.product >= 0)] = -1
    return coupon


def _lines(
    rng: np.random.Generator, purchases: Purchases, currency: Ints, coupon: Ints, catalogue: Catalogue
) -> Lines:
    count = rng.choice(np.arange(1, 7), len(purchases), p=LINE_SHARES)
    count[~purchases.has_lines] = 0
    order = np.repeat(np.arange(len(purchases)), count)
    is_first_line = np.diff(order, prepend=-1) != 0
    at = purchases.ordered_at[order]
    wanted = purchases.product[order]
    product = np.where(is_first_line & (wanted >= 0), wanted, catalogue.draw(rng, at))
    quantity = rng.choice(np.array([1, 2, 3, 4]), len(order), p=QUANTITY_SHARES)
    bargain = (product == p.MISPRICED_PRODUCT) & p.within(at, *p.MISPRICED_DAYS)
    quantity = np.where(bargain, quantity + rng.integers(1, 5, len(order)), quantity)
    price = catalogue.list_price(product, at) / catalogue.rate(currency[order], at)
    unit_price = np.rint(price).astype(np.int64)
    discounts = np.array([*(promotion.discount for promotion in p.PROMOTIONS), p.WELCOME_DISCOUNT, 0.0])
    share = discounts[coupon[order]]
    clearance = (share == 0) & (rng.random(len(order)) < 0.02)
    share = np.where(clearance, 0.10, share)
    discount = np.rint(quantity * unit_price * share).astype(np.int64)
    return Lines(order, product, quantity, unit_price, discount)


def _methods(rng: np.random.Generator, is_online: Bools) -> Ints:
    online = rng.choice(np.array([CARD, PAYPAL, INVOICE]), len(is_online), p=[0.64, 0.26, 0.10])
    retail = rng.choice(np.array([CARD, CASH]), len(is_online), p=[0.80, 0.20])
    return np.where(is_online, online, retail)


def make_orders(
    rng: np.random.Generator, purchases: Purchases, people: People, catalogue: Catalogue
) -> tuple[Orders, Lines]:
    """Price the purchases of one shard and follow each to its last known status."""
    count = len(purchases)
    at = purchases.ordered_at
    is_online = purchases.store == p.ONLINE
    currency = np.array(list(p.COUNTRY_CURRENCY.values()))[purchases.country]
    coupon = _coupons(rng, purchases)
    lines = _lines(rng, purchases, currency, coupon, catalogue)
    goods = np.bincount(lines.order, lines.net, count).astype(np.int64)

    policy_region = [region.name for region in p.REGIONS].index(p.POLICY_REGION)
    in_region = (purchases.customer >= 0) & (people.region[purchases.customer] == policy_region)
    is_free = (in_region & (at >= p.second_of(p.POLICY_DAY))) | (goods >= p.FREE_SHIPPING_FROM_CENTS)
    shipping = np.where(is_free | ~purchases.has_lines, 0, p.SHIPPING_CENTS)
    shipping = np.where(is_online, shipping, -1)

    method = _methods(rng, is_online)
    by_day = p.within(at, *p.PAYMENT_FAILURE) & (at % DAY >= 7 * 3600)
    card_failed = by_day & (method == CARD)
    is_cancelled = is_online & (rng.random(count) < 0.045)
    is_paid = ~(is_cancelled & (rng.random(count) < 0.5))
    gives_up = card_failed & (rng.random(count) < 0.6)
    is_cancelled |= gives_up
    is_paid &= ~gives_up & purchases.has_lines

    shipped_at = at + np.where(is_online, rng.integers(6 * 3600, 3 * DAY, count), 0)
    done_at = shipped_at + np.where(is_online, rng.integers(1 * DAY, 5 * DAY, count), 120)
    cancelled_at = at + rng.integers(3600, 2 * DAY, count)
    status = np.where(done_at < p.END, COMPLETED, np.where(shipped_at < p.END, SHIPPED, PLACED))
    updated_at = np.where(done_at < p.END, done_at, np.where(shipped_at < p.END, shipped_at, at))
    is_cancelled &= cancelled_at < p.END
    status = np.where(is_cancelled, CANCELLED, status)
    updated_at = np.where(is_cancelled, cancelled_at, updated_at)
    status = np.where(purchases.has_lines, status, PLACED)
    updated_at = np.where(purchases.has_lines, updated_at, at)
    due = goods + np.maximum(shipping, 0)
    orders = Orders(
        purchases, currency, coupon, shipping, status, is_paid | (status == COMPLETED) & purchases.has_lines,
        card_failed, method, shipped_at, updated_at, due,
    )  # fmt: skip
    return orders, lines
