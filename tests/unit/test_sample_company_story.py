"""The committed seeds tell one story: shop, web, customers, experiments and policy agree."""

import json
import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pytest

from sample_company import parameters as p
from sample_company.catalogue import build_catalogue
from sample_company.clock import DemandClock
from sample_company.experiments import TREATMENT, draw_arms
from sample_company.shard import Shard, make_shard
from sample_company.visits import PURCHASE

SEEDS = Path(__file__).parents[2] / "seeds"
KEY: dict[str, Any] = json.loads((SEEDS / "answer_key.json").read_text(encoding="utf-8"))

VIEWS = r"""
create macro clean(x) as case when upper(trim(x)) not in ('', 'N/A') then trim(x) end;
create macro as_time(x) as coalesce(
    try_strptime(trim(x), '%Y-%m-%d %H:%M:%S'), try_strptime(trim(x), '%Y-%m-%dT%H:%M:%SZ'),
    try_strptime(trim(x), '%Y/%m/%d %H:%M:%S'), try_strptime(trim(x), '%d.%m.%Y %H:%M:%S'),
    try_strptime(trim(x), '%Y-%m-%d'), try_strptime(trim(x), '%Y/%m/%d'), try_strptime(trim(x), '%d.%m.%Y'));
create macro as_number(x) as case when regexp_matches(clean(x), '^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$')
    then cast(replace(clean(x), ',', '') as decimal(18, 6)) end;
create table stores as
    select store_id, lower(clean(store_type)) as store_type, as_time(opened_on) as opened from raw_stores;
create table customers as
    select customer_id, clean(region) as region, as_time(created_at) as created from raw_customers
    where clean(customer_id) is not null and as_time(updated_at) is not null
    qualify row_number() over (partition by customer_id order by as_time(updated_at) desc) = 1;
create table orders as
    select order_id, clean(customer_id) as customer_id, clean(store_id) as store_id,
        lower(clean(order_status)) as status, upper(clean(currency_code)) as currency,
        coalesce(as_number(shipping_amount), 0) as shipping, clean(coupon_code) as coupon,
        as_time(ordered_at) as ordered
    from raw_orders
    where lower(clean(order_status)) in ('placed', 'shipped', 'completed', 'cancelled')
        and upper(clean(currency_code)) in ('USD', 'GBP', 'EUR') and as_time(ordered_at) is not null
        and clean(store_id) is not null and coalesce(as_number(shipping_amount), 0) >= 0
    qualify row_number() over (partition by order_id order by as_time(updated_at) desc) = 1;
create table lines as
    select distinct order_item_id, order_id, clean(product_id) as product, as_number(quantity) as quantity,
        (as_number(unit_price) * if(as_number(unit_price) > 9000, 0.001, 1))::decimal(12, 2) as price,
        coalesce(as_number(discount_amount), 0) as discount
    from raw_order_items
    where as_number(quantity) > 0 and as_number(unit_price) >= 0 and clean(product_id) is not null;
create table owed as
    select order_id, coalesce(sum(quantity * price - discount), 0) + any_value(shipping) as amount
    from orders left join lines using (order_id) group by all;
create table payments as
    select distinct payment_id, order_id, lower(payment_method) as method,
        lower(clean(payment_status)) as status, as_number(amount) as amount,
        as_time(processed_at) as processed
    from raw_payments where lower(clean(payment_status)) in ('captured', 'failed')
        and as_number(amount) >= 0 and as_time(processed_at) is not null;
create table paid as
    select order_id, sum(amount) as amount from payments where status = 'captured' group by all;
create table refunds as
    select distinct refund_id, order_item_id, as_number(quantity) as quantity, as_number(amount) as amount,
        as_time(refunded_at) as refunded
    from raw_refunds
    where as_number(quantity) > 0 and as_number(amount) >= 0 and clean(order_item_id) is not null;
create table rates as
    select distinct as_time(rate_date) as day, upper(clean(currency_code)) as currency,
        as_number(usd_per_unit) as rate
    from raw_exchange_rates where as_time(rate_date) is not null and as_number(usd_per_unit) is not null;
create table prices as
    select distinct product_id as product, as_time(effective_at) as since,
        as_number(list_price) as list_price
    from raw_product_prices where as_number(list_price) >= 0;
create table events as
    select event_id, anonymous_id, customer_id, lower(clean(event_name)) as name,
        as_time(event_at) as happened, as_time(received_at) as received, order_id, user_agent
    from (select distinct * from raw_events)
    where clean(event_id) is not null and clean(anonymous_id) is not null and as_time(event_at) is not null
        and lower(clean(event_name)) <> 'video_play'
        and abs(date_diff('day', as_time(event_at), as_time(received_at))) < 365
    qualify row_number() over (partition by event_id order by as_time(received_at)) = 1;
create table human as
    select * from events where user_agent not ilike '%bot/%' and anonymous_id not in (
        select anonymous_id from events group by anonymous_id, happened::date having count(*) > 60);
create table assignments as
    select distinct experiment_id, unit_id, lower(clean(variant)) as variant, as_time(assigned_at) as assigned
    from raw_assignments
    where lower(clean(variant)) in ('control', 'treatment') and clean(unit_id) is not null;
"""


@pytest.fixture(scope="module")
def story() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for file in sorted(SEEDS.glob("[!r]*/*.csv")):
            connection.execute(
                f"create table raw_{file.stem} as from read_csv('{file}', all_varchar = true, header = true)"
            )
        connection.execute(VIEWS)
        yield connection


@pytest.fixture(scope="module")
def shards() -> list[Shard]:
    clock, catalogue = DemandClock(), build_catalogue(p.DEFAULT_SEED)
    return [make_shard(p.DEFAULT_SEED, number, catalogue, clock) for number in range(12)]


def value(story: duckdb.DuckDBPyConnection, query: str) -> Any:
    return story.execute(query).fetchall()[0][0]


# --- the shop --------------------------------------------------------------------------------------------


def test_completed_orders_are_paid_to_the_cent(story: duckdb.DuckDBPyConnection) -> None:
    unpaid = """
        select count(*) from orders join owed using (order_id) left join paid using (order_id)
        where status in ('completed', 'shipped') and owed.amount <> coalesce(paid.amount, 0)
    """
    assert value(story, unpaid) == 0


def test_cancelled_orders_are_paid_in_full_and_refunded_or_not_paid(story: duckdb.DuckDBPyConnection) -> None:
    kinds = """
        select
            case when paid.amount is null then 'unpaid' when paid.amount = owed.amount then 'paid' end,
            count(*)
        from orders join owed using (order_id) left join paid using (order_id)
        where status = 'cancelled' group by all
    """
    counts = dict(story.execute(kinds).fetchall())
    assert set(counts) == {"unpaid", "paid"}
    assert min(counts.values()) > 30
    kept = """
        select count(*) from orders join lines using (order_id) join payments using (order_id)
        where orders.status = 'cancelled' and payments.status = 'captured' and ordered < date '2026-06-25'
            and quantity * price > discount
            and lines.order_item_id not in (select order_item_id from refunds)
    """
    assert value(story, kept) == 0


@pytest.mark.parametrize(
    ("what", "least", "query"),
    [
        ("orders with several captured payments", 200, """
            select count(*) from (
                select order_id from payments where status = 'captured' group by all having count(*) > 1)"""),
        ("payments after midnight", 200, """
            select count(*) from payments join orders using (order_id)
            where processed::date > ordered::date and payments.status = 'captured'"""),
        ("failed attempts before a captured one", 100, """
            select count(*) from payments as a join payments as b using (order_id)
            where a.status = 'failed' and b.status = 'captured' and a.processed < b.processed"""),
        ("partial refunds", 30, """
            select count(*) from refunds join lines using (order_item_id)
            where amount < lines.quantity * price - discount"""),
        ("refunds in a later month", 100, """
            select count(*) from refunds join lines using (order_item_id) join orders using (order_id)
            where date_trunc('month', refunded) > date_trunc('month', ordered)"""),
        ("orders refunded whole", 50, """
            select count(*) from (
                select order_id from lines join orders using (order_id)
                where status = 'completed' group by all
                having bool_and(order_item_id in (select order_item_id from refunds)))"""),
        ("guests", 500, "select count(*) from orders where customer_id is null"),
        ("coupons", 300, "select count(*) from orders where coupon is not null"),
    ],
)  # fmt: skip
def test_there_are_enough(story: duckdb.DuckDBPyConnection, what: str, least: int, query: str) -> None:
    assert value(story, query) >= least, what


def test_nothing_is_sold_before_a_store_opens_nor_refunded_before_it_is_sold(
    story: duckdb.DuckDBPyConnection,
) -> None:
    assert (
        value(story, "select count(*) from orders join stores using (store_id) where ordered < opened") == 0
    )
    early = "select count(*) from refunds join lines using (order_item_id) join orders using (order_id)"
    assert value(story, f"{early} where refunded < ordered") == 0
    opened = value(story, f"select count(*) from stores where opened >= '{KEY['company']['first_day']}'")
    assert opened >= 3
    assert value(story, "select count(distinct store_id) from orders") == KEY["company"]["stores"] == 12


def test_prices_are_the_list_prices_of_the_day(story: duckdb.DuckDBPyConnection) -> None:
    far = """
        select count(*) from lines join orders using (order_id)
        asof join rates on orders.currency = rates.currency and ordered >= rates.day
        asof join prices on lines.product = prices.product and ordered >= prices.since
        where abs(price * rate - list_price) > 0.01
    """
    assert value(story, far) == 0


def test_shipping_is_free_in_the_region_from_the_day_of_the_policy(story: duckdb.DuckDBPyConnection) -> None:
    policy = KEY["policy"]
    of_region = f"""
        from orders join customers using (customer_id)
        where region = '{policy["region"]}' and store_id = 'S00'
    """
    charged = f"select sum(shipping) {of_region} and ordered >= '{policy['first_day']}'"
    assert value(story, charged) == 0
    assert value(story, f"select sum(shipping) {of_region} and ordered < '{policy['first_day']}'") > 0


def test_targets_are_near_the_sales_by_category(story: duckdb.DuckDBPyConnection) -> None:
    ratio = """
        with categories as (
            select distinct product_id as product, clean(category) as category from raw_products
        ),
        targets as (
            select clean(category) as category, sum(as_number(target_net_sales_usd)) as target
            from (select distinct * from raw_sales_targets) group by all
        ),
        sold as (
            select category, sum((quantity * price - discount) * rate) as usd
            from lines join orders using (order_id) join categories using (product)
            asof join rates on orders.currency = rates.currency and ordered >= rates.day
            where status <> 'cancelled' group by all
        ),
        returned as (
            select category, sum(amount * rate) as usd
            from refunds join lines using (order_item_id) join orders using (order_id)
            join categories using (product)
            asof join rates on orders.currency = rates.currency and refunded >= rates.day
            where status <> 'cancelled' group by all
        )
        select category, (sold.usd - returned.usd) / target
        from sold join returned using (category) join targets using (category)
    """
    attained = {category: float(share) for category, share in story.execute(ratio).fetchall()}
    assert set(attained) == set(KEY["company"]["categories"])
    assert all(0.85 < share < 1.15 for share in attained.values()), attained


# --- the web ---------------------------------------------------------------------------------------------


def test_purchases_on_the_web_are_the_shops_online_orders(story: duckdb.DuckDBPyConnection) -> None:
    mismatch = """
        select count(*) from events join orders using (order_id)
        where name <> 'purchase' or store_id <> 'S00' or happened <> ordered
            or events.customer_id is distinct from orders.customer_id
    """
    assert value(story, mismatch) == 0
    unmatched = """
        select count(*) from events
        where name = 'purchase' and order_id not in (select order_id from raw_orders)
    """
    assert value(story, unmatched) == 0
    assert value(story, "select count(*) - count(distinct order_id) from events where name = 'purchase'") == 0
    tracked = """
        select avg((order_id in (select order_id from events where order_id is not null))::int)
        from orders
        where store_id = 'S00' and order_id in (select order_id from lines)
    """
    assert 0.91 < value(story, tracked) < 0.96


def test_sessions_of_the_key_are_those_of_half_an_hours_silence(story: duckdb.DuckDBPyConnection) -> None:
    sessions = """
        select event_id from human qualify coalesce(
            happened - lag(happened) over (partition by anonymous_id order by happened, event_id)
            > interval 30 minutes, true)
    """
    found = {event for (event,) in story.execute(sessions).fetchall()}
    truth = KEY["sessions"]
    assert found == set(truth["first_event"].split())
    lengths = [int(n) for n in truth["events"].split()]
    assert len(lengths) == len(truth["channel"]) == len(found) == KEY["ledger"]["web"]["sessions"]
    assert sum(lengths) == value(story, "select count(*) from human") == KEY["ledger"]["web"]["human_events"]


def test_customers_and_orders_of_the_keys_sessions_are_those_of_their_events(
    story: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        with marked as (
            select *, coalesce(
                happened - lag(happened) over (partition by anonymous_id order by happened, event_id)
                > interval 30 minutes, true) as starts
            from human
        ),
        sessions as (
            select *, last_value(case when starts then event_id end ignore nulls) over (
                partition by anonymous_id order by happened, event_id rows unbounded preceding) as session_id
            from marked
        )
        select session_id, any_value(anonymous_id),
            coalesce(string_agg(distinct customer_id), ''), coalesce(string_agg(distinct order_id), '')
        from sessions group by all
    """
    found = {session: facts for session, *facts in story.execute(query).fetchall()}
    truth, web = KEY["sessions"], KEY["ledger"]["web"]
    first_events = truth["first_event"].split()
    customers, orders = truth["customer"].split(","), truth["order"].split(",")
    assert len(first_events) == len(customers) == len(orders)
    used, signed_in = set(), 0
    for session, customer, order in zip(first_events, customers, orders, strict=True):
        browser, seen, bought = found[session]
        assert bought == order
        assert seen in ("", customer)
        signed_in += seen != ""
        if customer:
            used.add(f"{browser}={customer}")
    named = [order for order in orders if order]
    assert len(named) == len(set(named)) == web["sessions_with_a_purchase"]
    assert len(customers) - customers.count("") == web["sessions_of_customers"]
    assert signed_in == web["sessions_of_customers_signed_in"] < web["sessions_of_customers"]
    identities = KEY["identities"]
    assert used == {*identities["signed_in"].split(), *identities["used_but_never_signed_in"].split()}


def test_identities_of_the_key_are_those_who_signed_in(story: duckdb.DuckDBPyConnection) -> None:
    pairs = "select distinct anonymous_id || '=' || customer_id from human where customer_id is not null"
    signed_in = set(KEY["identities"]["signed_in"].split())
    assert {pair for (pair,) in story.execute(pairs).fetchall()} == signed_in
    assert not signed_in & set(KEY["identities"]["used_but_never_signed_in"].split())
    devices = [pair.split("=")[1] for pair in signed_in]
    assert len(devices) > 1.1 * len(set(devices))
    assert KEY["identities"]["browsers_shared"] > 20


def test_a_customer_is_not_known_before_the_account_exists(story: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from human join customers using (customer_id)
        where happened < created - interval 1 hour
    """
    assert value(story, query) == 0


def test_advertising_is_clicked_about_as_often_as_it_brings_visits(story: duckdb.DuckDBPyConnection) -> None:
    clicks = value(story, "select sum(as_number(clicks)) from (select distinct * from raw_ad_spend)")
    ledger = KEY["ledger"]["sessions_by_channel"]
    assert 1.0 < clicks / (ledger["paid_search"] + ledger["paid_social"]) < 1.6


# --- customers -------------------------------------------------------------------------------------------


def demand_by_day() -> npt.NDArray[np.float64]:
    """The speed of the demand clock on each day, from the answer key alone."""
    parameters, first = KEY["parameters"], date.fromisoformat(KEY["company"]["first_day"])
    days = [first + timedelta(days=i) for i in range(KEY["company"]["days"])]
    speed = np.array([
        parameters["weekday_factor_monday_first"][day.weekday()]
        * parameters["month_factor_january_first"][day.month - 1]
        for day in days
    ])  # fmt: skip
    for holiday in KEY["not_anomalies"]["holidays"]:
        speed[[str(day) == holiday["day"] for day in days]] *= holiday["factor"]
    for sale in KEY["not_anomalies"]["promotions"]:
        speed[[sale["first"] <= str(day) <= sale["last"] for day in days]] *= sale["factor"]
    return np.asarray(speed / speed.mean())


def expected_repeats(weeks: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """E[X(t)] of the BG/NBD model: equation 9 of Fader, Hardie, Lee (2005)."""
    model = KEY["parameters"]["repeat_purchases"]
    r, alpha, a, b = model["r"], model["alpha_weeks"], model["a"], model["b"]
    z = weeks / (alpha + weeks)
    term = np.ones_like(z)
    series = term.copy()
    for n in range(4_000):
        term = term * (r + n) * (b + n) / ((a + b - 1 + n) * (n + 1)) * z
        series += term
    return np.asarray((a + b - 1) / (a - 1) * (1 - (alpha / (alpha + weeks)) ** r * series))


def check_repeat_purchases(repeats: npt.NDArray[np.int64], weeks: npt.NDArray[np.float64]) -> None:
    """Mean and share of non-repeaters, each within four standard errors of the model's."""
    model = KEY["parameters"]["repeat_purchases"]
    alone = (model["alpha_weeks"] / (model["alpha_weeks"] + weeks)) ** model["r"]
    error = repeats.std() / math.sqrt(len(repeats))
    assert abs(repeats.mean() - expected_repeats(weeks).mean()) < 4 * error
    assert abs((repeats == 0).mean() - alone.mean()) < 4 * math.sqrt(alone.mean() / len(repeats))


def test_repeat_purchases_of_the_seeds_follow_the_model(story: duckdb.DuckDBPyConnection) -> None:
    query = f"""
        select
            date_diff('day', date '{KEY["company"]["first_day"]}', min(as_time(ordered_at))::date),
            count(distinct order_id)
        from raw_orders join customers using (customer_id)
        where region <> '{KEY["policy"]["region"]}' and as_time(ordered_at) is not null
        group by customer_id
    """
    first, orders = np.array(story.execute(query).fetchall()).T
    clock = np.append(np.cumsum(demand_by_day()[::-1])[::-1], 0.0)
    check_repeat_purchases(orders - 1, (clock[first] + clock[first + 1]) / 2 / 7)


def test_repeat_purchases_of_many_shards_follow_the_model(shards: list[Shard]) -> None:
    clock = DemandClock()
    repeats, weeks = [], []
    for shard in shards:
        customer = shard.orders.purchases.customer
        counts = np.bincount(customer[customer >= 0], minlength=len(shard.people))
        region = [region.name for region in p.REGIONS].index(p.POLICY_REGION)
        buyers = ~np.isnan(shard.people.first_purchase) & (shard.people.region != region)
        repeats.append(counts[buyers] - 1)
        weeks.append((clock.end - shard.people.first_purchase[buyers]) / 7)
    check_repeat_purchases(np.concatenate(repeats), np.concatenate(weeks))


# --- effects ---------------------------------------------------------------------------------------------


def arms(story: duckdb.DuckDBPyConnection, experiment: str) -> dict[str, tuple[int, int]]:
    """Units and buyers by arm of an experiment on visitors, over its days."""
    facts = KEY["experiments"][experiment]
    query = f"""
        with units as (
            select unit_id, arg_min(variant, assigned) as variant from assignments
            where experiment_id = '{experiment}' group by all
        ),
        buyers as (
            select distinct anonymous_id from events
            where name = 'purchase' and happened between '{facts["first"]}' and '{facts["last"]} 23:59:59'
        )
        select variant, count(*), count(anonymous_id)
        from units left join buyers on unit_id = anonymous_id group by all
    """
    return {variant: (units, buyers) for variant, units, buyers in story.execute(query).fetchall()}


def test_the_winning_experiment_wins_by_its_effect(story: duckdb.DuckDBPyConnection) -> None:
    found, facts = arms(story, "X01"), KEY["experiments"]["X01"]
    truth = facts["true_counts"]
    assert {variant: units for variant, (units, _) in found.items()} == {
        "control": truth["control_units"], "treatment": truth["treatment_units"],
    }  # fmt: skip
    control, treatment = (found[name][1] / found[name][0] for name in ("control", "treatment"))
    log_error = math.sqrt(1 / found["control"][1] + 1 / found["treatment"][1])
    assert abs(math.log(treatment / control) - math.log(facts["effect"])) < 2 * log_error
    assert math.log(treatment / control) > 3 * log_error


def test_the_experiment_without_effect_shows_none(story: duckdb.DuckDBPyConnection) -> None:
    facts = KEY["experiments"]["X02"]
    query = f"""
        with units as (
            select unit_id as customer_id, min(variant) as variant from assignments
            where experiment_id = 'X02' group by all
        ),
        bought as (
            select customer_id, count(*) as orders from orders
            where ordered between '{facts["first"]}' and '{facts["last"]} 23:59:59' group by all
        )
        select variant, count(*), avg(coalesce(orders, 0)), var_samp(coalesce(orders, 0))
        from units left join bought using (customer_id) group by all order by all
    """
    (_, n, mean, variance), (_, m, other, spread) = story.execute(query).fetchall()
    assert (n, m) == (facts["true_counts"]["control_units"], facts["true_counts"]["treatment_units"])
    assert abs(mean - other) < 2.5 * math.sqrt(variance / n + spread / m)


def test_the_invalid_experiment_is_visibly_so(story: duckdb.DuckDBPyConnection) -> None:
    truth = KEY["experiments"]["X03"]["true_counts"]
    found = arms(story, "X03")
    units = [found[name][0] for name in ("control", "treatment")]
    assert units[1] - units[0] > 5 * math.sqrt(sum(units)), "the traffic is off its allocation"
    both = """
        select count(*) from (
            select unit_id from assignments where experiment_id = 'X03' group by all
            having count(distinct variant) = 2
        )
    """
    assert value(story, both) == truth["units_in_both_arms"]
    control, treatment = (found[name][1] / found[name][0] for name in ("control", "treatment"))
    assert treatment < 0.9 * control, "taken at face value it would harm, though it has no effect"


def test_experiments_effects_hold_over_many_shards(shards: list[Shard]) -> None:
    for experiment in ("X01", "X03"):
        counts = [shard.assignments.truth[experiment] for shard in shards]
        total = {name: sum(count[name] for count in counts) for name in counts[0]}
        control_units = total["control_units"] + total.get("lost_control_units", 0)
        ratio = (total["treatment_buyers"] / total["treatment_units"]) / (
            total["control_buyers"] / control_units
        )
        assert ratio == pytest.approx(KEY["experiments"][experiment]["effect"], rel=0.07)


def test_the_winning_arm_tells_nothing_of_the_past(shards: list[Shard]) -> None:
    begin = p.second_of(p.EXPERIMENTS[0].first)
    treated: dict[str, list[npt.NDArray[np.bool_]]] = {"new": [], "returning": [], "bought before": []}
    for shard in shards:
        visits, rows = shard.visits, shard.assignments
        earlier = (shard.visit_start >= 0) & (shard.visit_start < begin)
        units, first = np.unique(rows.unit[rows.experiment == 0], return_index=True)
        is_treated = rows.variant[rows.experiment == 0][first] == TREATMENT
        returning = np.isin(units, visits.device[earlier])
        customers = np.isin(units, visits.device[earlier & (visits.kind == PURCHASE)])
        for name, group in zip(treated, (~returning, returning, customers), strict=True):
            treated[name].append(is_treated[group])
    for name, groups in treated.items():
        group = np.concatenate(groups)
        assert abs(group.mean() - 0.5) < 3 * 0.5 / math.sqrt(len(group)), name


def test_arms_are_balanced_within_those_who_return_and_differ_by_the_effect() -> None:
    rng = np.random.default_rng(1)
    is_new = rng.random(2_000_000) < 0.9
    bought = rng.random(len(is_new)) < np.where(is_new, 0.14, 0.8)
    treated = draw_arms(rng, bought, is_new, 1.35) == TREATMENT
    for group in (is_new, ~is_new, ~is_new & bought, ~is_new & ~bought):
        assert abs(treated[group].mean() - 0.5) < 4 * 0.5 / math.sqrt(group.sum())
    assert bought[treated].mean() / bought[~treated].mean() == pytest.approx(1.35, rel=0.01)
    assert bought[~is_new & treated].mean() / bought[~is_new & ~treated].mean() == pytest.approx(1, rel=0.01)


def test_arms_of_few_units() -> None:
    """Nobody, nobody who bought, none who is new where there is no effect; too few new ones are an error."""
    rng = np.random.default_rng(1)
    yes, no = np.ones(2, dtype=bool), np.zeros(2, dtype=bool)
    for bought, is_new, effect in ((yes[:0], yes[:0], 1.35), (no, yes, 1.35), (yes, no, 1.0)):
        assert len(draw_arms(rng, bought, is_new, effect)) == len(bought)
    for bought, is_new in ((yes, no), (yes, yes)):
        with pytest.raises(ValueError, match=r"too few new visitors, [02], for an effect of 1\.35"):
            draw_arms(rng, bought, is_new, 1.35)


def policy_effect(treated: tuple[int, int], others: tuple[int, int]) -> float:
    """The ratio after to before, over that of the regions without the policy."""
    return (treated[1] / treated[0]) / (others[1] / others[0])


def test_the_policy_raises_the_regions_online_orders(story: duckdb.DuckDBPyConnection) -> None:
    policy = KEY["policy"]

    def before_and_after(regions: list[str]) -> tuple[int, int]:
        names = ", ".join(f"'{name}'" for name in regions)
        query = f"""
            select count(*) filter (ordered < '{policy["first_day"]}'),
                count(*) filter (ordered >= '{policy["first_day"]}')
            from orders join customers using (customer_id)
            where store_id = 'S00' and region in ({names})
        """
        before, after = story.execute(query).fetchall()[0]
        return before, after

    treated, others = before_and_after([policy["region"]]), before_and_after(policy["comparable_regions"])
    log_error = math.sqrt(sum(1 / n for n in (*treated, *others)))
    found = math.log(policy_effect(treated, others))
    assert abs(found - math.log(policy["effect"])) < 2 * log_error
    assert found > 2 * log_error


def test_the_policys_effect_holds_over_many_shards(shards: list[Shard]) -> None:
    treated, others = [0, 0], [0, 0]
    names = [region.name for region in p.REGIONS]
    for shard in shards:
        purchases = shard.orders.purchases
        online = (purchases.store == p.ONLINE) & (purchases.customer >= 0)
        region = shard.people.region[purchases.customer]
        after = purchases.ordered_at >= p.second_of(p.POLICY_DAY)
        for counts, regions in ((treated, (p.POLICY_REGION,)), (others, p.POLICY_CONTROLS)):
            here = online & np.isin(region, [names.index(name) for name in regions])
            counts[0] += int((here & ~after).sum())
            counts[1] += int((here & after).sum())
    found = policy_effect((treated[0], treated[1]), (others[0], others[1]))
    assert found == pytest.approx(KEY["policy"]["effect"], rel=0.10)
