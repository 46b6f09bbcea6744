"""What is true about the company, added up shard by shard and bounded in size whatever the scale."""

from dataclasses import dataclass, field

import numpy as np

from sample_company import parameters as p
from sample_company.delivery_shop import Verdict
from sample_company.events import PURCHASED
from sample_company.orders import STATUSES
from sample_company.parameters import Bools, Ints
from sample_company.payments import CAPTURED
from sample_company.shard import Shard
from sample_company.visits import PURCHASE

Number = int | float


def _by_currency(currency: Ints, values: Ints, keep: Bools) -> dict[str, int]:
    return {code: int(values[keep & (currency == number)].sum()) for number, code in enumerate(p.CURRENCIES)}


@dataclass
class Truth:
    """Counts and sums over all shards; sessions and identities of the first shard one by one."""

    counts: dict[str, dict[str, Number]] = field(default_factory=dict)
    experiments: dict[str, dict[str, int]] = field(default_factory=dict)
    clicks: Ints = field(default_factory=lambda: np.zeros((len(p.CAMPAIGNS), p.DAYS), dtype=np.int64))
    sessions: dict[str, object] = field(default_factory=dict)
    identities: dict[str, object] = field(default_factory=dict)

    def _add(self, topic: str, values: dict[str, int]) -> None:
        entry = self.counts.setdefault(topic, {})
        for name, value in values.items():
            entry[name] = entry.get(name, 0) + value

    def add(self, shard: Shard, verdict: Verdict) -> None:
        """Add one shard, as judged."""
        self._add_ledger(shard, verdict)
        self._add_web(shard)
        for name, values in shard.assignments.truth.items():
            entry = self.experiments.setdefault(name, {})
            for key, value in values.items():
                entry[key] = entry.get(key, 0) + value
        self.clicks = self.clicks + shard.clicks
        if shard.number == 0:
            self._list_sessions(shard)
            self._list_identities(shard)

    def _add_ledger(self, shard: Shard, verdict: Verdict) -> None:
        """Totals in cents of each currency over the rows that the warehouse accepts."""
        orders, lines, refunds, payments = shard.orders, shard.lines, shard.refunds, shard.payments
        good_orders, good_lines, good_refunds = ~verdict.orders, ~verdict.lines, ~verdict.refunds
        status = {name: int((good_orders & (orders.status == i)).sum()) for i, name in enumerate(STATUSES)}
        line_currency = orders.currency[lines.order]
        payment_good = good_orders[payments.order] & (payments.status == CAPTURED)
        self._add("orders_by_status", status)
        self._add(
            "orders_by_currency", _by_currency(orders.currency, np.ones_like(orders.currency), good_orders)
        )
        self._add(
            "shipping_cents", _by_currency(orders.currency, np.maximum(orders.shipping, 0), good_orders)
        )
        self._add("units", _by_currency(line_currency, lines.quantity, good_lines))
        self._add("gross_cents", _by_currency(line_currency, lines.quantity * lines.unit_price, good_lines))
        self._add("discount_cents", _by_currency(line_currency, lines.discount, good_lines))
        refund_currency = line_currency[refunds.line]
        self._add("refunded_cents", _by_currency(refund_currency, refunds.amount, good_refunds))
        self._add("refunded_units", _by_currency(refund_currency, refunds.quantity, good_refunds))
        self._add(
            "captured_cents", _by_currency(orders.currency[payments.order], payments.amount, payment_good)
        )
        purchases = orders.purchases
        self._add("people", {
            "customers": len(shard.people),
            "customers_who_bought": len(np.unique(purchases.customer[purchases.customer >= 0])),
            "orders_of_customers": int((purchases.customer >= 0).sum()),
            "orders_of_guests": int((purchases.customer < 0).sum()),
            "orders_online": int((purchases.store == p.ONLINE).sum()),
        })  # fmt: skip

    def _add_web(self, shard: Shard) -> None:
        """Human sessions, and the orders behind the purchases of the tracker."""
        visits, happened = shard.visits, shard.visit_start >= 0
        by_channel = {
            name: int((happened & (visits.channel == i)).sum()) for i, name in enumerate(p.CHANNELS)
        }
        human = shard.events.visit >= 0
        signed_in = np.unique(shard.events.visit[human & (shard.events.customer >= 0)])
        self._add("sessions_by_channel", by_channel)
        self._add("web", {
            "sessions": int(happened.sum()),
            "sessions_with_a_purchase": int((happened & (visits.kind == PURCHASE)).sum()),
            "sessions_of_customers": int((happened & (visits.customer >= 0)).sum()),
            "sessions_of_customers_signed_in": len(signed_in),
            "visitors": len(np.unique(visits.device[happened])),
            "human_events": int(human.sum()),
            "crawler_events": int((~human).sum()),
            "purchase_events": int((shard.events.name == PURCHASED).sum()),
            "events_of_known_customers": int((shard.events.customer >= 0).sum()),
        })  # fmt: skip

    def _list_sessions(self, shard: Shard) -> None:
        """Each session's first event, number of events, channel, customer and order, in the events' order."""
        events = shard.events
        human = np.flatnonzero(events.visit >= 0)
        visit = events.visit[human]
        in_time = np.lexsort((human, events.at[human], visit))
        starts = np.flatnonzero(np.diff(visit[in_time], prepend=-1))
        first = human[in_time[starts]]
        length = np.diff(np.append(starts, len(visit)))
        order = np.argsort(first, kind="stable")
        letters = "ABCDEFG"
        visits, listed = shard.visits, events.visit[first[order]]
        self.sessions = {
            "note": "sessions of people, not crawlers, in the first shard; one entry each, in the same order",
            "first_event": " ".join(f"E{i:05}" for i in first[order]),
            "events": " ".join(str(n) for n in length[order]),
            "channel_letters": {letters[i]: name for i, name in enumerate(p.CHANNELS)},
            "channel": "".join(letters[i] for i in visits.channel[listed]),
            "customer_note": "whose visit it was, signed in or not; nothing for people without account",
            "customer": ",".join(f"C{i:04}" if i >= 0 else "" for i in visits.customer[listed]),
            "order_note": "the order that the session's purchase event names; nothing without a purchase",
            "order": ",".join(f"O{i:05}" if i >= 0 else "" for i in visits.order[listed]),
        }

    def _list_identities(self, shard: Shard) -> None:
        """Who used which browser, and whether the tracker ever saw them sign in on it."""
        visits, happened = shard.visits, shard.visit_start >= 0
        used = happened & (visits.customer >= 0)
        pairs = set(zip(visits.device[used].tolist(), visits.customer[used].tolist(), strict=True))
        known = shard.events.customer >= 0
        signed = set(
            zip(shard.events.device[known].tolist(), shard.events.customer[known].tolist(), strict=True)
        )

        def listed(chosen: set[tuple[int, int]]) -> str:
            rows = sorted((int(shard.anonymous[device]), customer) for device, customer in chosen)
            return " ".join(f"A{anonymous:05}=C{customer:04}" for anonymous, customer in rows)

        owners: dict[int, set[int]] = {}
        for device, customer in pairs:
            owners.setdefault(device, set()).add(customer)
        self.identities = {
            "note": "browser=customer pairs of the first shard; a browser may be shared",
            "signed_in": listed(signed & pairs),
            "used_but_never_signed_in": listed(pairs - signed),
            "browsers_shared": sum(len(people) > 1 for people in owners.values()),
        }
