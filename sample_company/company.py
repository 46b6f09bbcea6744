"""Builds the whole company, shard by shard, and writes it."""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sample_company import delivery_shared as shared
from sample_company.answer_key import answer_key
from sample_company.catalogue import build_catalogue
from sample_company.clock import DemandClock
from sample_company.defects import Account
from sample_company.delivery_shop import deliver_shop
from sample_company.delivery_web import deliver_assignments, deliver_events
from sample_company.planning import plan_targets
from sample_company.shard import make_shard
from sample_company.streams import stream
from sample_company.truth import Truth
from sample_company.writer import Folder


def write_company(
    directory: Path, scale: int, seed: int, file_format: str, *, show_progress: bool = True
) -> int:
    """Write `<directory>/<system>/<table>.<file_format>` and `<directory>/answer_key.json`; rows written.

    Nothing but counts is kept from one shard to the next, so memory does not grow with `scale`.
    """
    clock, catalogue = DemandClock(), build_catalogue(seed)
    account, truth = Account(), Truth()
    folder = Folder(directory, file_format)
    for number in tqdm(range(scale), unit="shard", file=sys.stderr, disable=not show_progress):
        shard = make_shard(seed, number, catalogue, clock)
        tables, verdict = deliver_shop(shard, account)
        tables["web.events"] = deliver_events(shard, account)
        tables["experiments.assignments"] = deliver_assignments(shard, account)
        for name, chunk in tables.items():
            folder.write(name, chunk)
        truth.add(shard, verdict)

    def rng(table: str) -> np.random.Generator:
        return stream(seed, None, f"delivery of {table}")

    targets = plan_targets(catalogue, stream(seed, None, "plan"), scale)
    for name, chunk in {
        "shop.stores": shared.deliver_stores(rng("stores"), account),
        "shop.products": shared.deliver_products(catalogue, rng("products"), account),
        "shop.product_prices": shared.deliver_prices(catalogue, rng("prices"), account),
        "shop.exchange_rates": shared.deliver_rates(catalogue, rng("rates"), account),
        "ads.ad_spend": shared.deliver_ad_spend(truth.clicks, rng("ad_spend"), account, scale),
        "planning.sales_targets": shared.deliver_targets(targets, rng("targets"), account),
        **shared.deliver_experiments(account),
    }.items():
        folder.write(name, chunk)
    rows = folder.close()
    key = answer_key(seed, scale, catalogue, account, truth)
    (directory / "answer_key.json").write_text(key, encoding="utf-8", newline="\n")
    return sum(rows.values())
