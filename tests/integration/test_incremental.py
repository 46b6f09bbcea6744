"""Builds day after day, with rows that come late, change or are withdrawn, end where one full build would."""

import csv
import random
from pathlib import Path

import duckdb

from plugins.published import require_version
from tests.commands import ROOT, dbt

TABLES = [
    "customers",
    "stores",
    "products",
    "product_prices",
    "orders",
    "order_items",
    "payments",
    "refunds",
    "exchange_rates",
]
FACTS = ["fct_orders", "fct_order_items", "fct_payments", "fct_refunds", "fct_daily_sales"]


def deliver(folder: Path, seed: int, step: int, steps: int) -> None:
    """Write the shop's files as they stand at a step.

    Rows arrive late, some have a value that is corrected in the end, and some that were there at first are
    withdrawn.
    """
    for table in TABLES:
        with (ROOT / "seeds" / "shop" / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or [])
            rows = list(reader)
        draw = random.Random(f"{seed} {table}")
        kept = []
        for row in rows:
            arrives, changes = draw.randrange(steps * 8) // 8, draw.random() < 0.02
            withdrawn = draw.random() < 0.02 and step == steps - 1
            if table in ("stores", "products", "customers") or (arrives <= step and not withdrawn):
                if changes and step < steps - 1:
                    row = row | {
                        name: "1"
                        for name in ("quantity", "unit_cost", "discount_amount", "amount")
                        if name in row
                    }
                kept.append(row)
        path = folder / "shop" / f"{table}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(kept)


def facts(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(home / "warehouse" / "larkspur.duckdb"), read_only=True) as connection:
        return {
            fact: connection.execute(f"select * from marts.{fact} order by all").fetchall() for fact in FACTS
        }


def test_incremental_equals_full_refresh(tmp_path: Path) -> None:
    """Each build publishes, so that the next trusts its tables and replaces only the days that changed.

    Unit tests that have passed need not run again for that.
    """
    raw, home = tmp_path / "raw", tmp_path / "home"
    states, versions = [], set()
    for step in range(3):
        deliver(raw, seed=1, step=step, steps=3)
        without = ("--exclude-resource-types", "unit_test") if step else ()
        dbt("build", *without, home=home, RAW_PATH=str(raw), SYSTEMS="shop")
        states.append(facts(home))
        versions.add(require_version(home / "warehouse").name)
        run = (home / "target" / "run").rglob("fct_*.sql")
        written = {path.stem: path.read_text(encoding="utf-8").lstrip().split()[0] for path in run}
        assert {fact: written[fact] for fact in FACTS} == dict.fromkeys(FACTS, "delete" if step else "create")
    assert len(versions) == 3
    assert states[0] != states[1] != states[2]
    parents = [f"+{fact}" for fact in FACTS]
    dbt("run", "--full-refresh", "--select", *parents, home=home, RAW_PATH=str(raw), SYSTEMS="shop")
    assert all(states[-1].values())
    assert facts(home) == states[-1]
