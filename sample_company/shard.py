"""One shard: about 3,000 customers and everything they did, with no defect yet."""

from dataclasses import dataclass

from sample_company.catalogue import Catalogue
from sample_company.clock import DemandClock
from sample_company.customers import People, make_people
from sample_company.events import CRAWLER_IDS, FLOOD_IDS, Events, make_events
from sample_company.experiments import Assignments, make_assignments
from sample_company.orders import Lines, Orders, make_orders
from sample_company.parameters import Ints
from sample_company.payments import Payments, Refunds, make_payments, make_refunds
from sample_company.purchases import make_all_purchases
from sample_company.streams import stream
from sample_company.visits import Devices, Visits, make_visits


@dataclass(frozen=True)
class Shard:
    """The clean data of one shard. Rows refer to each other by position."""

    number: int
    seed: int
    people: People
    orders: Orders
    lines: Lines
    payments: Payments
    refunds: Refunds
    devices: Devices
    visits: Visits
    visit_start: Ints
    clicks: Ints
    events: Events
    assignments: Assignments
    anonymous: Ints  # the number in the anonymous id of each device, then of each crawler

    def prefix(self, letter: str) -> str:
        """The beginning of this shard's ids: the letter, and from the second shard on its number."""
        return f"{letter}{self.number or ''}"


def make_shard(seed: int, number: int, catalogue: Catalogue, clock: DemandClock) -> Shard:
    """Shard `number` of the company, which depends on nothing but the arguments."""
    people = make_people(stream(seed, number, "people"), clock)
    purchases = make_all_purchases(stream(seed, number, "purchases"), people, clock)
    orders, lines = make_orders(stream(seed, number, "orders"), purchases, people, catalogue)
    payments = make_payments(stream(seed, number, "payments"), orders)
    refunds = make_refunds(stream(seed, number, "refunds"), orders, lines)
    devices, visits, clicks = make_visits(stream(seed, number, "visits"), people, purchases, clock)
    events, visit_start = make_events(stream(seed, number, "events"), visits, devices, lines, catalogue)
    assignments = make_assignments(stream(seed, number, "experiments"), visits, visit_start, people)
    anonymous = stream(seed, number, "anonymous").permutation(len(devices) + CRAWLER_IDS + FLOOD_IDS + 1)
    return Shard(
        number, seed, people, orders, lines, payments, refunds, devices, visits, visit_start, clicks, events,
        assignments, anonymous,
    )  # fmt: skip
